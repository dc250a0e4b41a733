/** Every way in which a target fails has a status, a code and a Proxy-Status of its own, and says nothing about where the target is. */

import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { answering, freePort, startRawTarget, startService } from '../helpers/target.ts'
import { certificate, privateKey } from '../health-checks/certificate.ts'

const once = 'retry: { attempts: 1 }'

async function gatewayTo (t: TestContext, url: string, keys = once): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back:
    targets: ['${url}']
    ${keys}
routes: [{ path: '/*', upstream: back }]
`)
}

/** The response is a problem that names the reason and no address; log line and response agree. */
async function assertProblem (gateway: TestGateway, answer: Answer, status: number, code: string, token: string): Promise<void> {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  const problem = JSON.parse(answer.text) as Record<string, unknown>
  assert.equal(problem['code'], code)
  assert.equal(problem['requestId'], answer.headers['x-request-id'])
  assert.equal(answer.headers['proxy-status'], `onedoor; error=${token}`)
  assert.doesNotMatch(answer.text + answer.rawHeaders.join(), /127\.0\.0\.1:(?!\d+$)|ECONN|localhost|invalid:|stack/)
  const line = await gateway.logged(({ msg, requestId }) => msg === 'request completed' && requestId === problem['requestId'])
  assert.equal(line['code'], code)
  assert.equal(line['status'], status)
}

test('a target that refuses connections is a 502 connection-refused', async t => {
  const gateway = await gatewayTo(t, `http://127.0.0.1:${await freePort()}`)
  await assertProblem(gateway, await send(gateway.url, '/'), 502, 'connection-refused', 'connection_refused')
})

test('a target whose name cannot be resolved is a 502 dns-error', async t => {
  const gateway = await gatewayTo(t, 'http://nowhere.invalid:1')
  await assertProblem(gateway, await send(gateway.url, '/'), 502, 'dns-error', 'dns_error')
})

test('a target that resets the connection before it responds is a 502 connection-terminated', async t => {
  const target = await startRawTarget(t, socket => socket.once('data', () => socket.resetAndDestroy()))
  const gateway = await gatewayTo(t, target.url)
  await assertProblem(gateway, await send(gateway.url, '/'), 502, 'connection-terminated', 'connection_terminated')
})

test('a target that closes the connection before it responds is a 502 connection-terminated', async t => {
  const target = await startRawTarget(t, socket => socket.once('data', () => socket.end()))
  const gateway = await gatewayTo(t, target.url)
  await assertProblem(gateway, await send(gateway.url, '/'), 502, 'connection-terminated', 'connection_terminated')
})

for (const [what, ends] of [
  ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ['closes', (socket: Socket) => socket.destroy()]
] as const) {
  test(`a target that ${what} the connection in its TLS handshake is a 502 connection-refused, and a POST goes elsewhere`, async t => {
    const target = await startRawTarget(t, socket => socket.once('data', () => ends(socket)))
    const broken = target.url.replace('http:', 'https:')
    const gateway = await gatewayTo(t, broken)
    await assertProblem(gateway, await send(gateway.url, '/'), 502, 'connection-refused', 'connection_refused')
    const other = await startService(t, (_request, response) => response.end('other'), { cert: certificate, key: privateKey })
    const two = await startGateway(t, `
upstreams: { back: { targets: ['${broken}', '${other.url}'], balance: round-robin, tls: { verify: false }, unreachableFor: 0s } }
routes: [{ path: '/*', upstream: back }]`)
    for (let count = 0; count < 2; count++) assert.equal((await send(two.url, '/', { method: 'POST', body: 'x' })).text, 'other')
  })
}

test('a target that closes in the middle of the head is a 502 connection-terminated', async t => {
  const target = await startRawTarget(t, answering('HTTP/1.1 200 OK\r\ncontent-le'))
  const gateway = await gatewayTo(t, target.url)
  const answer = await send(gateway.url, '/')
  assert.equal(answer.status, 502)
})

test('a certificate that is not trusted is a 502 tls-error, and tls.ca makes it trusted', async t => {
  const target = await startService(t, (_request, response) => response.end('safe'), { cert: certificate, key: privateKey })
  const strict = await gatewayTo(t, target.url)
  await assertProblem(strict, await send(strict.url, '/'), 502, 'tls-error', 'tls_certificate_error')
  const trusting = await gatewayTo(t, target.url, `tls: { ca: ${JSON.stringify(certificate)} }`)
  assert.equal((await send(trusting.url, '/')).text, 'safe')
})

test('TLS to a target that speaks none is a 502 tls-error', async t => {
  const target = await startRawTarget(t, answering('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const gateway = await gatewayTo(t, target.url.replace('http:', 'https:'))
  await assertProblem(gateway, await send(gateway.url, '/'), 502, 'tls-error', 'tls_certificate_error')
})

const malformed: Readonly<Record<string, string>> = {
  'bytes that are no HTTP': 'SSH-2.0-OpenSSH_9.9\r\n\r\n',
  'lines that end with LF alone and no length': 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok',
  'status 600': 'HTTP/1.1 600 No\r\ncontent-length: 0\r\n\r\n',
  'status 999': 'HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n',
  'status 99': 'HTTP/1.1 99 No\r\ncontent-length: 0\r\n\r\n',
  'status 099': 'HTTP/1.1 099 No\r\ncontent-length: 0\r\n\r\n',
  'status 000': 'HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n',
  'status abc': 'HTTP/1.1 abc No\r\ncontent-length: 0\r\n\r\n',
  'a length that is no number': 'HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\n',
  'a negative length': 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!',
  'two framings': 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'a field name with a space': 'HTTP/1.1 200 OK\r\nbad name: 1\r\ncontent-length: 0\r\n\r\n',
  'a head without end': `HTTP/1.1 200 OK\r\n${'x-filler: 0123456789abcdef\r\n'.repeat(8000)}`,
  'an endless field': `HTTP/1.1 200 OK\r\nx-filler: ${'a'.repeat(200_000)}`,
  'a switch of protocols that nobody asked for': 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  'a 101 that names no protocol': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  'a flood of interim answers': 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(5000)
}

for (const [what, bytes] of Object.entries(malformed)) {
  test(`${what} from a target: a 502 malformed-response`, async t => {
    const target = await startRawTarget(t, answering(bytes, false))
    const gateway = await gatewayTo(t, target.url)
    await assertProblem(gateway, await send(gateway.url, '/'), 502, 'malformed-response', 'http_protocol_error')
    assert.equal(gateway.logs.filter(({ level }) => level === 'error').length, 0)
  })
}

test('a target that never responds is a 504 response-timeout, and its connection is closed', async t => {
  let closed: (() => void) | undefined
  const gone = new Promise<void>(resolve => { closed = resolve })
  const target = await startRawTarget(t, socket => socket.on('data', () => {}).on('close', () => closed!()))
  const gateway = await gatewayTo(t, target.url, `timeouts: { response: 50ms }\n    ${once}`)
  await assertProblem(gateway, await send(gateway.url, '/'), 504, 'response-timeout', 'http_response_timeout')
  await gone
})

test('a TLS handshake that never ends is a 504 connect-timeout', async t => {
  const target = await startRawTarget(t, socket => socket.on('data', () => {}))
  const gateway = await gatewayTo(t, target.url.replace('http:', 'https:'), `timeouts: { connect: 50ms }\n    ${once}`)
  await assertProblem(gateway, await send(gateway.url, '/'), 504, 'connect-timeout', 'connection_timeout')
})

test('a gateway whose target failed in every way still serves', async t => {
  const bytes = Object.values(malformed)
  let served = 0
  const target = await startRawTarget(
    t,
    socket => socket.once('data', () => { socket.write(bytes[served++] ?? 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 'latin1') })
  )
  const gateway = await gatewayTo(t, target.url)
  for (const _ of bytes) assert.equal((await send(gateway.url, '/')).status, 502)
  assert.equal((await send(gateway.url, '/')).text, 'ok')
})
