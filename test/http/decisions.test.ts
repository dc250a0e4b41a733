/** What the gateway decides where HTTP leaves a choice: rows of docs/reference/http.md that no other test is about. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, type RawAnswer } from '../helpers/raw.ts'
import { startRawTarget } from '../helpers/target.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

interface Door {
  /** Sends a request, and returns what came back. */
  readonly ask: (bytes: string) => Promise<RawAnswer>
  /** What reached the target, whole. */
  readonly seen: string[]
}

/** A gateway to a target that sends these bytes for each request. */
async function openDoor (t: TestContext, response = ok): Promise<Door> {
  const seen: string[] = []
  const target = await startRawTarget(t, socket => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const chunked = text.includes('transfer-encoding: chunked')
      if (!text.includes('\r\n\r\n') || (chunked && !text.endsWith('0\r\n\r\n'))) return
      seen.push(text)
      text = ''
      socket.write(response, 'latin1')
    })
  })
  const { url } = await startGateway(t, `routes: [{ path: /*, target: "${target.url}" }]`)
  return { ask: async bytes => await exchangeBytes(t, url, Buffer.from(bytes, 'latin1')), seen }
}

const get = (fields = '', line = 'GET / HTTP/1.1'): string => `${line}\r\nHost: a.example\r\n${fields}Connection: close\r\n\r\n`
const chunkedPost = (body: string, fields = ''): string => `POST / HTTP/1.1\r\nHost: a\r\n${fields}Transfer-Encoding: chunked\r\n` +
  `Connection: close\r\n\r\n${body}`

test('ranges and partial responses pass as they are', async t => {
  const fields = 'content-range: bytes 0-1/9\r\naccept-ranges: bytes\r\netag: "x"\r\ncontent-length: 2\r\n'
  const { ask, seen } = await openDoor(t, `HTTP/1.1 206 Partial Content\r\n${fields}\r\nok`)
  const answer = await ask(get('Range: bytes=0-1,4-5\r\nIf-Range: "x"\r\n'))
  assert.deepEqual(
    [answer.status, answer.headers['content-range'], answer.headers['accept-ranges'], answer.text],
    [206, ['bytes 0-1/9'], ['bytes'], 'ok']
  )
  assert.match(seen[0]!, /^Range: bytes=0-1,4-5\r\nIf-Range: "x"\r$/m)
  const unsatisfied = await openDoor(t, 'HTTP/1.1 416 Range Not Satisfiable\r\ncontent-range: bytes */9\r\ncontent-length: 0\r\n\r\n')
  assert.deepEqual((await unsatisfied.ask(get('Range: bytes=99-\r\n'))).headers['content-range'], ['bytes */9'])
})

test('trailers of a request end at the gateway where the target speaks HTTP/1.1, and the body is whole', async t => {
  const { ask, seen } = await openDoor(t)
  assert.equal((await ask(chunkedPost('3\r\nabc\r\n0\r\nX-Sum: 1\r\nAuthorization: x\r\n\r\n', 'Trailer: x-sum\r\n'))).status, 200)
  assert.match(seen[0]!, /\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/)
  assert.doesNotMatch(seen[0]!, /x-sum|trailer|authorization/i)
})

test('chunk extensions end at the gateway', async t => {
  const { ask, seen } = await openDoor(t)
  assert.equal((await ask(chunkedPost('3;a=b;c="d"\r\nabc\r\n0;e\r\n\r\n'))).status, 200)
  assert.match(seen[0]!, /\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/)
})

test('a folded field is a 400 in a request and a 502 in a response', async t => {
  const { ask, seen } = await openDoor(t)
  assert.equal((await ask(get('X-A: b\r\n c\r\n'))).status, 400)
  assert.equal(seen.length, 0)
  const folding = await openDoor(t, 'HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-length: 0\r\n\r\n')
  const answer = await folding.ask(get())
  assert.deepEqual([answer.status, (JSON.parse(answer.text) as { code: string }).code], [502, 'malformed-response'])
})

for (const [what, bytes] of [
  ['a line that ends with LF alone', 'GET / HTTP/1.1\nHost: a\nConnection: close\n\n'],
  ['white space before the colon', get('X-A : b\r\n')],
  ['a field without a colon', get('nonsense\r\n')],
  ['the name of a pseudo-header field', get(':path: /admin\r\n')],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'],
  ['a later minor version', 'GET / HTTP/1.2\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['the preface of HTTP/2 on a listener without it', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a method that is not registered', get('', 'FETCH / HTTP/1.1')],
  ['two equal Content-Length fields', get('Content-Length: 2\r\nContent-Length: 2\r\n')],
  ['a list of lengths', get('Content-Length: 2, 2\r\n')],
  ['a signed length', get('Content-Length: +2\r\n')],
  ['Content-Length beside Transfer-Encoding', chunkedPost('0\r\n\r\n', 'Content-Length: 2\r\n')]
] as const) {
  test(`${what} is a 400`, async t => {
    const { ask, seen } = await openDoor(t)
    assert.equal((await ask(bytes)).status, 400)
    assert.equal(seen.length, 0)
  })
}

test('an empty line before the request line is passed over', async t => {
  assert.equal((await (await openDoor(t)).ask(`\r\n${get()}`)).status, 200)
})

test('a 405 says what is allowed, also for TRACE and CONNECT', async t => {
  const { ask } = await openDoor(t)
  for (const bytes of [get('', 'TRACE / HTTP/1.1'), 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n']) {
    const { status, headers } = await ask(bytes)
    assert.equal(status, 405)
    assert.match(headers['allow']![0]!, /\bGET\b.*\bPOST\b/)
    assert.doesNotMatch(headers['allow']![0]!, /TRACE|CONNECT/)
  }
})

test('every response has a Date: that of the target, or that of the gateway', async t => {
  const given = await openDoor(t, `HTTP/1.1 200 OK\r\ndate: Tue, 01 Jan 2030 00:00:00 GMT\r\ncontent-length: 0\r\n\r\n`)
  assert.deepEqual((await given.ask(get())).headers['date'], ['Tue, 01 Jan 2030 00:00:00 GMT'])
  const { ask } = await openDoor(t)
  for (const bytes of [get(), get('', 'TRACE / HTTP/1.1'), 'nonsense\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n']) {
    const { date } = (await ask(bytes)).headers
    assert.equal(date?.length, 1, bytes)
    assert.equal(new Date(date[0]!).toUTCString(), date[0])
  }
})

test('a client of HTTP/1.0 never gets chunks', async t => {
  const { ask } = await openDoor(t, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n')
  const { headers, text } = await ask('GET / HTTP/1.0\r\n\r\n')
  assert.deepEqual([headers['transfer-encoding'], text], [undefined, 'ok'])
})

test('an Upgrade to HTTP/2 is passed over, and the response is one of HTTP/1.1', async t => {
  const { ask, seen } = await openDoor(t)
  const fields = 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'
  const answer = await ask(`GET / HTTP/1.1\r\nHost: a\r\n${fields}Connection: Upgrade, HTTP2-Settings, close\r\n\r\n`)
  assert.deepEqual([answer.status, answer.text, answer.headers['upgrade']], [200, 'ok', undefined])
  assert.doesNotMatch(seen[0]!, /upgrade|http2/i)
})

test('lines of Cookie stay as they came', async t => {
  const { ask, seen } = await openDoor(t)
  await ask(get('Cookie: a=1; b=2\r\nCookie: c=3\r\n'))
  assert.match(seen[0]!, /^Cookie: a=1; b=2\r\nCookie: c=3\r$/m)
})

test('OPTIONS with Max-Forwards: 0 is answered here', async t => {
  const { ask, seen } = await openDoor(t)
  const { status, headers } = await ask(get('Max-Forwards: 0\r\n', 'OPTIONS * HTTP/1.1'))
  assert.deepEqual([status, headers['content-length'], seen.length], [204, undefined, 0])
  assert.match(headers['allow']![0]!, /\bGET\b/)
})

test('a content coding is the target\'s and the client\'s: the bytes and their names pass', async t => {
  const fields = 'content-encoding: x-any\r\nvary: accept-encoding\r\ncontent-length: 2\r\n'
  const { ask, seen } = await openDoor(t, `HTTP/1.1 200 OK\r\n${fields}\r\n\x00\xff`)
  const answer = await ask(get('Accept-Encoding: x-any;q=1\r\n'))
  assert.deepEqual([answer.headers['content-encoding'], [...answer.body]], [['x-any'], [0, 255]])
  assert.match(seen[0]!, /^Accept-Encoding: x-any;q=1\r$/m)
})
