/** The metrics on a listener for clients. */

import type { ReservedHandler } from '../../../src/index.ts'
import { wantsOpenMetrics } from './open-metrics.ts'
import type { PrintMetrics } from './pages.ts'

/** Answers with the metrics. A failure ends the connection. */
export function publicPage (print: PrintMetrics, onError: (error: unknown) => void): ReservedHandler {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end()
      return
    }
    print(wantsOpenMetrics(request.headers.accept)).then(({ contentType, text }) => {
      response.writeHead(200, {
        'content-type': contentType,
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
        vary: 'accept'
      })
      response.end(text)
    }).catch((error: unknown) => {
      onError(error)
      response.destroy()
    })
  }
}
