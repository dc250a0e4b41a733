import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { connect, Server, type SecureContext, type TLSSocket } from 'node:tls'
import { askForNone, socketBelow } from '../../src/internals/node-tls-socket.ts'
import { certificate as cert, privateKey as key } from '../health-checks/certificate.ts'
import { listen } from './sides.ts'

test('node 24: a TLS socket of a server has the socket below it, and SNICallback can keep it from asking for a certificate', async t => {
  const asked: unknown[] = []
  const server = new Server({
    cert,
    key,
    ca: cert,
    requestCert: true,
    rejectUnauthorized: false,
    SNICallback (this: TLSSocket, name: string, done: (error: null, context?: SecureContext) => void) {
      if (name === 'none.test') askForNone(this)
      done(null)
    }
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    asked.push(socketBelow(socket).remotePort === socket.remotePort && socket.getPeerX509Certificate()?.subject)
    socket.end()
  })
  const port = await listen(t, createServer(socket => server.emit('connection', socket)))
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const servername of ['some.test', 'none.test']) {
      const socket = connect({ port, host: '127.0.0.1', servername, cert, key, rejectUnauthorized: false, maxVersion }).resume()
      t.after(() => socket.destroy())
      await once(socket, 'close')
    }
  }
  assert.deepEqual(asked, ['CN=onedoor-test', undefined, 'CN=onedoor-test', undefined])
})
