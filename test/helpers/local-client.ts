/** The connection of a client in tests of what needs no socket. */

import type { ClientConnection } from '../../src/index.ts'

export const localClient: ClientConnection = {
  listener: { name: '0.0.0.0:8080', redirectPort: undefined },
  address: '127.0.0.1',
  port: 50_000,
  localPort: 8080,
  tls: undefined
}
