/** Connections to a target: what is dialled, and what the load of the target hears of it. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { lookup } from 'node:dns'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { ConnectionOptions } from '../../src/transport/connection-options.ts'
import { reasons } from '../../src/contract/errors.ts'
import { Dialler } from '../../src/transport/dialler.ts'
import { socketOpener } from '../../src/transport/open-socket.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { freePort } from '../helpers/target.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'

const { tls, connections } = upstreamConfig()

function diallerTo (port: number): { readonly dialler: Dialler<Socket>, readonly load: KeptLoad, readonly doubted: string[] } {
  const load = new KeptLoad()
  const doubted: string[] = []
  const names = { lookup, doubt: (name: string) => { doubted.push(name) } }
  const options: ConnectionOptions = { protocol: 'http1', origin: `http://127.0.0.1:${port}`, connect: 5000, connections, tls }
  const dialler = new Dialler(
    options,
    { names, load, clock: { now: () => 7, wall: () => 7 } },
    socketOpener(options, lookup, 'http/1.1')
  )
  return { dialler, load, doubted }
}

async function startServer (t: TestContext): Promise<{ readonly port: number, readonly sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer(socket => { sockets.push(socket.on('error', () => {}).resume()) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

test('one probe serves all callers that ask at the same time whether a target accepts connections; then its connection closes', async t => {
  const { port, sockets } = await startServer(t)
  const { dialler, load } = diallerTo(port)
  load.failed(reasons['connection-refused'], 0, 1)
  assert.deepEqual(await Promise.all([dialler.isReachable(), dialler.isReachable()]), [true, true])
  assert.equal(load.failure, undefined)
  assert.equal(await dialler.isReachable(), true)
  while (sockets.length < 2 || sockets.some(socket => !socket.destroyed)) await new Promise(resolve => { setTimeout(resolve, 1) })
  assert.equal(sockets.length, 2)
  // It serves no request.
  assert.equal(load.opened, 0)
})

test('a target that takes no connection is unreachable from then on, and its name is looked up anew', async () => {
  const { dialler, load, doubted } = diallerTo(await freePort())
  assert.equal(await dialler.isReachable(), false)
  assert.deepEqual([load.failure, doubted], [{ at: 7, since: 7, why: 'connection-refused' }, ['127.0.0.1']])
})

test('a connection that fails says nothing when another has been opened since it was begun', async () => {
  const { dialler, load } = diallerTo(await freePort())
  const asked = dialler.isReachable()
  load.connected()
  assert.equal(await asked, false)
  assert.equal(load.failure, undefined)
})
