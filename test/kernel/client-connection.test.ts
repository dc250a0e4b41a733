/** What the gateway knows of a client's connection. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { clientOf } from '../../src/exchange/client-connection.ts'
import { certificate as cert, privateKey as key } from '../health-checks/certificate.ts'

test('addresses and ports are read once, and stay when the socket is closed', async t => {
  const server = createServer().listen(0, '::')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const [accepted] = await once(server, 'connection') as [Socket]
  const client = clientOf(accepted)
  // An IPv4-mapped address is shown as IPv4.
  assert.deepEqual(client, {
    listener: { name: '', redirectPort: undefined },
    address: '127.0.0.1',
    port: socket.localPort,
    localPort: port,
    tls: undefined
  })
  accepted.destroy()
  await once(socket, 'close')
  assert.equal(clientOf(accepted), client)
})

test('a Unix socket has neither', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-client-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const server = createServer().listen(join(folder, 's'))
  await once(server, 'listening')
  t.after(() => server.close())
  const socket = connect(join(folder, 's'))
  t.after(() => socket.destroy())
  const [accepted] = await once(server, 'connection') as [Socket]
  assert.deepEqual(clientOf(accepted), {
    listener: { name: '', redirectPort: undefined },
    address: '',
    port: undefined,
    localPort: undefined,
    tls: undefined
  })
})

test('of TLS it has the protocol, and the certificate that the client has proved to own', async t => {
  const server = createTlsServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: false }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  for (const [options, name] of [[{}, undefined], [{ key, cert }, 'CN=onedoor-test']] as const) {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
    t.after(() => socket.destroy())
    const [accepted] = await once(server, 'secureConnection') as [TLSSocket]
    const { tls } = clientOf(accepted)
    assert.deepEqual([tls!.protocol, tls!.certificate?.subject], ['TLSv1.3', name])
  }
})
