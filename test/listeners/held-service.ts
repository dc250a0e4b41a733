/** A service whose responses can be held, for the ends of connections. */

import type { TestContext } from 'node:test'
import { startService } from '../helpers/target.ts'

const piece = Buffer.alloc(65_536)

/**
 * Begins a response that goes on and on at `/hold` and one that falls silent at `/quiet`, where only the end of the client can end it,
 * reads bodies, and responds to everything else at once. `held` is the number of such responses.
 */
export async function startHeldService (t: TestContext): Promise<{ readonly url: string, readonly held: () => number }> {
  const held = new Set<unknown>()
  const { url } = await startService(t, (request, response) => {
    if (request.url === '/quiet' || request.url === '/hold') {
      held.add(response)
      response.on('close', () => held.delete(response))
      response.write('begun')
      if (request.url === '/quiet') return
      const write = (): void => { while (response.write(piece)); }
      response.on('drain', write)
      write()
      return
    }
    request.resume().on('end', () => response.end('fine')).on('error', () => {})
  })
  return { url, held: () => held.size }
}
