/** What cannot be read takes nothing from the requests before it on the connection (RFC 9112 §9.3.2). */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startService } from '../helpers/target.ts'

const head = 'Host: a\r\n'
const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\n${head}${fields}\r\n`
const post = (path: string, body: string): string => `POST ${path} HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n${body}`
const chunked = (path: string, body: string): string => `POST ${path} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${body}`

/** A target that responds to `/late` when it is told to, and to everything else at once. */
async function openDoor (t: TestContext): Promise<TestGateway & { hits: string[], release: () => void }> {
  const hits: string[] = []
  const late: (() => void)[] = []
  const service = await startService(t, (request, response) => {
    hits.push(request.url!)
    request.resume()
    const answer = (): void => { response.end(`<${request.url}>`) }
    if (request.url!.startsWith('/late')) late.push(answer)
    else if (request.url!.startsWith('/big')) response.end(Buffer.alloc(8_000_000, 'x'))
    else request.on('end', answer).on('error', () => {})
  })
  const door = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { headers: 1s, request: 2s, linger: 500ms } }
routes: [{ path: /*, target: '${service.url}' }]`)
  return { ...door, hits, release: () => { for (const answer of late) answer() } }
}

/** Sends bytes and reads to the end of the connection; `after` runs when the gateway has had time to read them. */
async function talk (
  t: TestContext,
  door: Awaited<ReturnType<typeof openDoor>>,
  bytes: string,
  expected = 0
): Promise<{ statuses: number[], text: string }> {
  const socket = await open(t, door.url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(bytes)
  const closed = once(socket, 'close')
  while (door.hits.length < expected) await new Promise(setImmediate)
  // Another request, so that the first connection has surely been read.
  await (await fetch(`${door.url}/other`)).text()
  door.release()
  await closed
  const text = Buffer.concat(chunks).toString()
  return { statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)), text }
}

for (const [what, bytes, expected, statuses] of [
  ['junk behind a request', get('/x') + 'junk junk\r\n\r\n', 1, [200, 400]],
  ['junk behind a request that its target still serves', get('/late') + 'junk junk\r\n\r\n', 1, [200, 400]],
  ['junk behind several', get('/late1') + get('/x') + get('/late2') + 'junk junk\r\n\r\n', 3, [200, 200, 200, 400]],
  ['a malformed field behind a request with a body', post('/x', 'hello') + 'GET /y HTTP/1.1\r\nHost : a\r\n\r\n', 1, [200, 400]],
  ['a head that is too large', get('/late') + get('/y', `x-filler: ${'x'.repeat(40_000)}\r\n`), 1, [200, 431]],
  ['a head that does not come', get('/late') + 'GET /y HTTP/1.1\r\nHo', 1, [200, 408]],
  ['CONNECT behind a request that its target still serves', get('/late') + `CONNECT a:1 HTTP/1.1\r\n${head}\r\n`, 1, [200, 405]],
  ['CONNECT behind several', get('/late') + get('/x') + `CONNECT a:1 HTTP/1.1\r\n${head}\r\n`, 2, [200, 200, 405]],
  ['CONNECT behind a long response', get('/big') + `CONNECT a:1 HTTP/1.1\r\n${head}\r\n`, 1, [200, 405]],
  ['a malformed chunk behind a request that its target still serves', get('/late') + chunked('/y', '2\r\nab\r\nzz\r\n'), 1, [200, 400]],
  ['a request behind the last one', get('/x', 'Connection: close\r\n') + get('/y'), 1, [200]],
  ['a request behind the last one, which its target still serves', get('/late', 'Connection: close\r\n') + get('/y'), 1, [200]],
  ['junk behind the last one', get('/late', 'Connection: close\r\n') + 'junk junk\r\n\r\n', 1, [200]]
] as const) {
  test(`${what}: ${statuses.join(', then ')}`, { timeout: 20_000 }, async t => {
    const door = await openDoor(t)
    const answer = await talk(t, door, bytes, expected)
    assert.deepEqual(answer.statuses, statuses)
    // Whole, and in the order of the requests.
    const paths = [...bytes.matchAll(/(?:GET|POST) (\/\w+) /g)].map(([, path]) => path!)
      .filter(path => !path.startsWith('/y') && path !== '/big')
    let from = 0
    for (const path of paths) {
      const at = answer.text.indexOf(`<${path}>`, from)
      assert.notEqual(at, -1, path)
      from = at
    }
    assert.ok(!door.hits.includes('/y') || what.startsWith('a malformed chunk'))
    assert.equal(door.gateway.inFlight, 0)
  })
}

test('a body that goes wrong after its response is not answered a second time', async t => {
  const door = await startGateway(
    t,
    'server: { host: 127.0.0.1, port: 0, timeouts: { linger: 300ms } }\nroutes: [{ path: /*, respond: { status: 200, text: fine } }]'
  )
  const socket = await open(t, door.url)
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() })
  socket.write(chunked('/', '2\r\nab\r\n'))
  await once(socket, 'data')
  socket.write('zz\r\n')
  await once(socket, 'close')
  assert.deepEqual(text.match(/HTTP\/1\.1 \d{3}/g), ['HTTP/1.1 200'])
})

test('a body that goes wrong is logged as the request that it is', async t => {
  const door = await openDoor(t)
  const { statuses } = await talk(t, door, chunked('/late', '2\r\nab\r\nzz\r\n'))
  assert.deepEqual(statuses, [400])
  const line = await door.logged(({ path }) => path === '/late')
  assert.deepEqual([line['status'], line['code'], line['fault']], [400, 'bad-request', 'client'])
})

test('a response that breaks off before its turn ends the connection in its turn', { timeout: 20_000 }, async t => {
  const late = Promise.withResolvers<() => void>()
  const service = await startService(t, (request, response) => {
    if (request.url === '/late') late.resolve(() => response.end('<late>'))
    else response.writeHead(200, { 'content-length': 10 }).write('abc', () => response.destroy())
  })
  const door = await startGateway(t, `routes: [{ path: /*, target: '${service.url}' }]`)
  const socket = await open(t, door.url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = once(socket, 'close')
  socket.write(get('/late') + get('/cut') + get('/behind'))
  const answer = await late.promise
  await door.logged(({ path }) => path === '/cut')
  answer()
  await closed
  const text = Buffer.concat(chunks).toString()
  assert.ok(text.includes('<late>'))
  // Of the second at most its beginning, and nothing that looks like the response to another request.
  assert.ok((text.match(/HTTP\/1\.1 200/g) ?? []).length <= 2, text)
  while (door.gateway.inFlight > 0) await new Promise(setImmediate)
})

test('a client that leaves is heard of by every request that it has sent in a row', { timeout: 20_000 }, async t => {
  const door = await openDoor(t)
  const socket = await open(t, door.url)
  socket.write(['/late1', '/late2', '/late3', '/late4'].map(path => get(path)).join(''))
  while (door.hits.length < 4) await new Promise(setImmediate)
  socket.destroy()
  while (door.gateway.inFlight > 0) await new Promise(setImmediate)
  const lines = await Promise.all([1, 2, 3, 4].map(async number => await door.logged(({ path }) => path === `/late${number}`)))
  assert.deepEqual(lines.map(({ code }) => code), Array(4).fill('client-closed'))
})
