/** Probes over HTTP/2: grpc.health.v1, and health paths of upstreams with `protocol: h2c`. */

import assert from 'node:assert/strict'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { writeFrame } from '../../src/http/grpc/frames.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { send } from '../helpers/client.ts'

type Serve = (stream: ServerHttp2Stream, path: string, body: Buffer) => void

/** A service on node:http2, which is given each request with its whole body. */
async function startHttp2 (t: TestContext, serve: Serve): Promise<string> {
  const server = createServer()
  const sessions = new Set<{ destroy (): void }>()
  server.on('session', session => sessions.add(session))
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('error', () => {}).on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => serve(stream, String(headers[':path']), Buffer.concat(chunks)))
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const call = { ':status': 200, 'content-type': 'application/grpc+proto' }

/** Sends one message and a status. */
function respond (stream: ServerHttp2Stream, message: Buffer, status = '0'): void {
  stream.respond(call, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
  stream.end(writeFrame(message))
}

async function gatewayTo (t: TestContext, url: string, active: string): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  up:
    targets: ['${url}']
    protocol: h2c
    healthChecks: { active: { interval: 60ms, timeout: 50ms, unhealthyAfter: 2, ${active} }, whenNoneHealthy: fail-closed }
routes: [{ path: /*, upstream: up }]
`)
}

test('a service that is serving is in rotation, and is asked by its name', async t => {
  const asked: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const url = await startHttp2(t, (stream, path, body) => {
    if (path === '/x') {
      stream.respond({ ':status': 204 }, { endStream: true })
      return
    }
    asked.push(`${path} ${body.subarray(7).toString()}`)
    respond(stream, Buffer.from([0x08, 1]))
    if (asked.length === 3) resolve()
  })
  const gateway = await gatewayTo(t, url, 'type: grpc, service: shop.Orders')
  await promise
  assert.equal((await send(gateway.url, '/x')).status, 204)
  assert.deepEqual(asked.slice(0, 2), Array.from({ length: 2 }, () => '/grpc.health.v1.Health/Check shop.Orders'))
})

for (const [name, serve, why] of [
  ['that is not serving', stream => respond(stream, Buffer.from([0x08, 2])), 'the service says that it is not serving'],
  ['whose status is absent', stream => respond(stream, Buffer.alloc(0)), 'the service says that it is not serving'],
  ['that is unknown', stream => {
    stream.respond({ ...call, 'grpc-status': '5' }, { endStream: true })
  }, 'gRPC NOT_FOUND'],
  ['that breaks off', stream => {
    stream.respond(call)
    stream.write('x', () => stream.session!.destroy())
  }, 'response-cut'],
  ['that is none of gRPC', stream => {
    stream.respond({ ':status': 404 })
    stream.end('no')
  }, 'HTTP 404'],
  ['that is silent', () => {}, 'no response within 50ms']
] as [string, Serve, string][]) {
  test(`a service ${name} is taken out of rotation`, async t => {
    const url = await startHttp2(t, serve)
    const gateway = await gatewayTo(t, url, 'type: grpc')
    const line = await gateway.logged(({ msg }) => msg === 'target unhealthy')
    assert.ok(String(line['why']).includes(why), String(line['why']))
    assert.equal((await send(gateway.url, '/x')).status, 503)
  })
}

test('a health path of an upstream with h2c is asked over HTTP/2', async t => {
  let status = 200
  const url = await startHttp2(t, (stream, path) => {
    stream.respond({ ':status': path === '/health' ? status : 204 })
    stream.end('{"status":"UP"}')
  })
  const gateway = await gatewayTo(t, url, 'body: UP')
  assert.equal((await send(gateway.url, '/x')).status, 204)
  status = 500
  const line = await gateway.logged(({ msg }) => msg === 'target unhealthy')
  assert.ok(String(line['why']).includes('HTTP 500'))
})

test('a probe of gRPC to an upstream with HTTP/1.1 is a problem of the file', async t => {
  await assert.rejects(startGateway(t, `
upstreams: { up: { targets: [http://127.0.0.1:1], healthChecks: { active: { type: grpc } } } }
routes: [{ path: /*, upstream: up }]
`), /upstreams\.up\.healthChecks\.active\.type|gRPC needs HTTP\/2/)
})
