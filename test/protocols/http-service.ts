/** The service behind HTTP/1.1, HTTP/2 and event streams. */

import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { startService } from '../helpers/target.ts'
import { methodOf, type Fields, type Service } from './protocol.ts'

/** @param type the media type of its responses */
export async function startHttpService (t: TestContext, type: string): Promise<Service> {
  const calls: Service['calls'][number][] = []
  let held: ServerResponse | undefined
  const { url } = await startService(t, (request, response) => {
    const method = methodOf(request.url!)
    calls.push({ method, fields: fieldsOf(request.headers) })
    response.setHeader('content-type', type)
    if (method === 'Hold') {
      held = response
      response.flushHeaders()
    } else {
      response.end('data: ok\n\n')
    }
  })
  return {
    url,
    calls,
    push: text => { held!.write(text) },
    finish: () => { held!.end() }
  }
}

export function fieldsOf (headers: IncomingHttpHeaders): Fields {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
