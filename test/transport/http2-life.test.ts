/** WebSockets over HTTP/2, pings, and a strict foreign target. */

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2, createServer, type ClientHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Heartbeat } from '../../src/transport/http2/heartbeat.ts'
import { Http2Transport } from '../../src/transport/http2/http2-transport.ts'
import { TargetSession } from '../../src/transport/http2/target-session.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { freePort } from '../helpers/target.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'
import { startPeer, types } from './http2-peer.ts'
import { get, Recorder } from './recorder.ts'

function transportTo (t: TestContext, port: number): Http2Transport {
  const { tls, connections } = upstreamConfig()
  const transport = new Http2Transport(
    { protocol: 'h2c', origin: `http://127.0.0.1:${port}`, connect: 5000, connections, tls },
    { names: { lookup, doubt: () => {} }, load: new KeptLoad(), clock: { now: () => 0, wall: () => 0 } }
  )
  t.after(async () => await transport.destroy())
  return transport
}

async function serve (
  t: TestContext,
  enableConnectProtocol: boolean,
  respond: (stream: ServerHttp2Stream, headers: unknown) => void
): Promise<number> {
  const server = createServer({ settings: { enableConnectProtocol } }).on('stream', respond).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

const upgrade = {
  ...get,
  path: '/chat',
  headers: ['host', 'x', 'sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version', '13', 'sec-websocket-protocol', 'chat'],
  tunnel: true
}

test('a WebSocket is a stream of an extended CONNECT, accepted as over HTTP/1.1', async t => {
  let asked: Record<string, unknown> = {}
  const transport = transportTo(t, await serve(t, true, (stream, headers) => {
    asked = headers as Record<string, unknown>
    stream.respond({ ':status': 200, 'sec-websocket-protocol': 'chat' })
    stream.pipe(stream)
  }))
  const recorder = new Recorder()
  transport.send(upgrade, recorder)
  await recorder.over.promise
  assert.deepEqual(recorder.heard, ['started', 'tunnelled'])
  assert.deepEqual([asked[':method'], asked[':protocol'], asked[':path'], asked[':authority']], ['CONNECT', 'websocket', '/chat', 'x'])
  assert.deepEqual([asked['sec-websocket-key'], asked['sec-websocket-version']], [undefined, '13'])
  // The value of RFC 6455 §1.3 for this key.
  assert.equal(recorder.fields!['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  assert.equal(recorder.fields!['sec-websocket-protocol'], 'chat')
  recorder.tunnel!.write('hello')
  assert.equal(String((await once(recorder.tunnel!, 'data'))[0]), 'hello')
  recorder.tunnel!.end()
  await once(recorder.tunnel!, 'close')
})

test('a WebSocket that the target refuses is a response like any other', async t => {
  const transport = transportTo(t, await serve(t, true, stream => {
    stream.respond({ ':status': 403 })
    stream.end('no')
  }))
  const recorder = new Recorder()
  transport.send(upgrade, recorder)
  await recorder.over.promise
  assert.deepEqual([recorder.heard, recorder.body], [['started', 'head 403', 'end {}'], 'no'])
})

test('a target that has not enabled WebSockets is not asked for one', async t => {
  let asked = 0
  const transport = transportTo(t, await serve(t, false, () => { asked++ }))
  const recorder = new Recorder()
  transport.send(upgrade, recorder)
  await recorder.over.promise
  assert.deepEqual([recorder.heard, asked], [['started', 'failed websocket-unsupported'], 0])
})

test('a silent connection with streams is pinged at once, then rarely; one that is heard or idle is not', () => {
  const heartbeat = new Heartbeat()
  const pings = Array.from({ length: 21 }, () => heartbeat.tick(false, 1)).flatMap((due, index) => due ? [index] : [])
  assert.deepEqual(pings, [0, 10, 20])
  assert.equal(heartbeat.tick(true, 1), false)
  assert.equal(heartbeat.tick(false, 1), true)
  assert.equal(heartbeat.tick(false, 0), false)
})

test('a target that does not acknowledge a PING is dead, and its streams fail', async t => {
  const peer = await startPeer(t, Buffer.alloc(0), () => {})
  const session: ClientHttp2Session = connectHttp2(`http://127.0.0.1:${peer.port}`)
  t.after(() => session.destroy())
  await once(session, 'remoteSettings')
  const left: TargetSession[] = []
  const target = new TargetSession(session, {
    origin: { scheme: 'http', authority: 'x' },
    streams: 1,
    headerLimit: 1000,
    keepAlive: 60_000,
    times: { tick: 10, answer: 20 }
  }, { freed: () => {}, left: one => { left.push(one) } })
  const stream = target.open([':method', 'GET', ':path', '/'], { endStream: true })
  const [error] = await once(stream, 'error') as [NodeJS.ErrnoException]
  await new Promise(resolve => { session.once('close', resolve) })
  assert.deepEqual([error.code, left], ['ETIMEDOUT', [target]])
  assert.equal(peer.connections[0]!.frames.filter(({ type }) => type === types.ping).length, 1)
})

function hasNghttpd (): boolean {
  try {
    execFileSync('nghttpd', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('nghttpd serves files, echoes and trailers', { skip: hasNghttpd() ? false : 'nghttpd is not installed' }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  const content = Buffer.alloc(1_000_000, 'abcdefg')
  writeFileSync(join(folder, 'file'), content)
  const port = await freePort()
  const server = spawn('nghttpd', ['--no-tls', '-d', folder, '--echo-upload', '--trailer', 'x-sum: 1', String(port)], { stdio: 'ignore' })
  t.after(() => {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  })
  for (let open = false; !open;) {
    const socket = connect(port, '127.0.0.1')
    open = await new Promise(resolve => { socket.on('connect', () => resolve(true)).on('error', () => setTimeout(resolve, 10, false)) })
    socket.destroy()
  }
  const transport = transportTo(t, port)
  const recorders = await Promise.all(Array.from({ length: 150 }, async (_, index) => {
    const recorder = new Recorder()
    const upload = index % 2 === 1
    transport.send({ ...get, path: '/file', ...(upload ? { method: 'POST', body: content.subarray(0, 100_000) } : {}) }, recorder)
    await recorder.over.promise
    return recorder
  }))
  for (const [index, { heard, chunks }] of recorders.entries()) {
    assert.deepEqual(heard, ['started', 'head 200', 'end {"x-sum":"1"}'])
    assert.equal(Buffer.compare(Buffer.concat(chunks), index % 2 === 1 ? content.subarray(0, 100_000) : content), 0)
  }
})
