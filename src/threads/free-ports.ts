/**
 * Makes sure that no other program listens on a port. Threads share their ports (SO_REUSEPORT), and the system would share them with any
 * other program of the same user that asks for it, such as a second gateway that was started by mistake.
 */

import { createServer } from 'node:net'
import { listenersOf } from '../config/listeners.ts'
import type { Config } from '../config/types.ts'
import type { ListenOptions } from '../gateway/gateway-options.ts'

/**
 * Opens and closes each port for clients.
 * @param first where the first listener listens instead of what the configuration says
 * @param known a configuration whose listeners are open already
 * @throws Node's error, such as EADDRINUSE
 */
export async function freePorts (config: Config, first: Pick<ListenOptions, 'host' | 'port'>, known?: Config): Promise<void> {
  const open = new Set(known === undefined ? [] : listenersOf(known, first).map(({ name }) => name))
  for (const { name, place } of listenersOf(config, first)) {
    if (open.has(name) || 'socket' in place || place.port === 0) continue
    await new Promise<void>((resolve, reject) => {
      const server = createServer()
      server.once('error', reject)
      server.listen({ ...place, exclusive: true }, () => server.close(() => resolve()))
    })
  }
}
