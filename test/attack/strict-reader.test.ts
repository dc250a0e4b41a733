import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StrictReader } from './strict-reader.ts'

function read (bytes: string, step = bytes.length): StrictReader {
  const reader = new StrictReader()
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.slice(at, at + step))
  return reader
}

const chunked = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n'
const sized = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello'
const plain = 'GET /a?b HTTP/1.1\r\nhost: a.example:80\r\n\r\n'

test('what is strictly valid has no fault, in one piece and byte by byte', () => {
  const bytes = plain + sized + `${chunked}5\r\nhello\r\n3\r\n wo\r\n0\r\nx-sum: 1\r\n\r\n` + plain
  for (const step of [bytes.length, 1, 7]) {
    const { requests, faults, idle } = read(bytes, step)
    assert.deepEqual(faults, [])
    assert.deepEqual(
      requests.map(({ method, target, body }) => [method, target, body]),
      [['GET', '/a?b', ''], ['POST', '/', 'hello'], ['POST', '/', 'hello wo'], ['GET', '/a?b', '']]
    )
    assert.deepEqual(requests[2]!.trailers, [['x-sum', '1']])
    assert.ok(idle)
  }
})

test('half a request is no fault and no request', () => {
  for (const bytes of [plain.slice(0, 20), sized.slice(0, -1), `${chunked}5\r\nhel`, `${chunked}0\r\n`]) {
    const { requests, faults, idle } = read(bytes)
    assert.deepEqual([requests.length, faults.length, idle], [0, 0, false], bytes)
  }
})

const with1 = (field: string): string => `GET / HTTP/1.1\r\nhost: a\r\n${field}\r\n\r\n`

for (const [what, bytes, fault] of [
  ['two framings', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 'two framings'],
  [
    'a coding before chunked',
    'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'Transfer-Encoding gzip, chunked'
  ],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello', 'Content-Length 5 | 5'],
  ['a length with a sign', with1('content-length: +0'), 'Content-Length +0'],
  ['a length with a leading zero', with1('content-length: 00'), 'Content-Length 00'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '0 Host fields'],
  ['two Hosts', with1('host: b'), '2 Host fields'],
  ['a Host with user information', 'GET / HTTP/1.1\r\nhost: a@b\r\n\r\n', 'Host a@b'],
  ['an absolute target', 'GET http://a/ HTTP/1.1\r\nhost: a\r\n\r\n', 'no origin-form target: http://a/'],
  ['a fragment', 'GET /#a HTTP/1.1\r\nhost: a\r\n\r\n', 'a fragment in a target'],
  ['bytes beyond ASCII in a target', 'GET /\xe9 HTTP/1.1\r\nhost: a\r\n\r\n', 'control, space or non-ASCII bytes in a target'],
  ['a third version', 'GET / HTTP/1.2\r\nhost: a\r\n\r\n', 'version HTTP/1.2'],
  ['a space in the request line', 'GET /  HTTP/1.1\r\nhost: a\r\n\r\n', 'request line of 4 parts: GET /  HTTP/1.1'],
  ['a space before the colon', with1('x : y'), 'field name x '],
  ['a folded line', with1('x: y\r\n z'), 'a field without colon:  z'],
  ['a NUL', with1('x: a\0b'), 'control bytes in x'],
  ['a bare CR', with1('x: a\rb'), 'bare CR or LF in a head'],
  ['a bare LF', with1('x: a\nb'), 'bare CR or LF in a head'],
  ['a head that ends in LF', 'GET / HTTP/1.1\nhost: a\n\n', 'a head that ends in bare LF'],
  ['an alias of a framing field', with1('content_length: 5'), 'content_length beside its namesake'],
  ['a chunk size with a prefix', `${chunked}0x5\r\n`, 'chunk line 0x5'],
  ['a chunk extension', `${chunked}5;a\r\n`, 'chunk line 5;a'],
  ['a chunk line that ends in LF', `${chunked}5\nhello`, 'a chunk line that ends in bare LF'],
  ['a chunk longer than it says', `${chunked}2\r\nhello\r\n`, 'a chunk that does not end where it says'],
  ['a forbidden trailer', `${chunked}0\r\nauthorization: x\r\n\r\n`, 'authorization as a trailer']
] as const) {
  test(`${what} is a fault`, () => {
    assert.ok(read(bytes).faults.includes(fault), read(bytes).faults.join('; '))
  })
}
