/** Several requests on one connection, and what is left of one when it has been answered. */

import type { Attack, Theme } from '../case.ts'
import { get, hidden, keep, oneChunk } from '../write.ts'

const first = 'GET /one HTTP/1.1\r\nHost: a.example\r\n\r\n'

const attacks: Attack[] = [
  {
    name: 'ten requests at once are answered in order',
    source: 'RFC 9112 §9.3.2',
    send: Array.from({ length: 9 }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: a.example\r\n\r\n`).join('') + get('/9'),
    client: Array(10).fill([200]),
    reaches: 10,
    shown: /\/0[^]*\/1[^]*\/2[^]*\/3[^]*\/4[^]*\/5[^]*\/6[^]*\/7[^]*\/8[^]*\/9/,
    open: true
  },
  {
    name: 'a request behind a body is one of its own',
    source: 'RFC 9112 §9.3.2',
    send: keep('hello', 'Content-Length: 5') + get('/two'),
    client: [[200], [200]],
    reaches: 2,
    open: true
  },
  {
    name: 'a request behind chunks is one of its own',
    source: 'RFC 9112 §9.3.2',
    send: keep(oneChunk, 'Transfer-Encoding: chunked') + get('/two'),
    client: [[200], [200]],
    reaches: 2,
    open: true
  },
  {
    name: 'a request behind one empty line',
    source: 'RFC 9112 §2.2',
    send: keep('hello\r\n', 'Content-Length: 5') + get('/two'),
    client: [[200], [200]],
    reaches: 2,
    open: true
  },
  {
    name: 'a HEAD between two others',
    source: 'RFC 9110 §9.3.2',
    send: 'HEAD /one HTTP/1.1\r\nHost: a.example\r\n\r\n' + get('/two'),
    client: [[200], [200]],
    reaches: 2,
    open: true
  },
  {
    name: 'a request behind the last one of the connection is not served',
    source: 'RFC 9112 §9.6',
    send: get('/one') + get('/two'),
    client: [[200, 400]],
    reaches: 1
  },
  {
    name: 'a request behind the last one of HTTP/1.0 is not served',
    source: 'RFC 9112 §9.3',
    send: `GET /one HTTP/1.0\r\nHost: a.example\r\n\r\n${get('/two')}`,
    client: [[200, 400]],
    reaches: 1
  },
  {
    name: 'garbage behind a request closes the connection',
    source: 'RFC 9112 §9.3.2',
    send: `${first}\x00\x01\x02 garbage\r\n\r\n`,
    client: [[200], [400]],
    reaches: 1
  },
  {
    name: 'a refused request is the last one',
    source: 'RFC 9112 §9.6',
    send: `GET /one HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${get('/two')}`,
    client: [[400]],
    reaches: 'nothing',
    open: true
  },
  {
    name: 'a body that is not read does not become a request',
    source: 'PortSwigger, browser-powered desync',
    send: `TRACE / HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}\r\n\r\n${get('/two')}`,
    client: [[405], [200]],
    reaches: 1,
    seen: { target: '/two' }
  },
  {
    name: 'a request in the body of a refused one stays hidden',
    source: 'PortSwigger, pause-based desync',
    send: `POST /%2e%2e HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${get('/hidden').length}\r\n\r\n${get('/hidden')}${get('/two')}`,
    client: [[400], [200]],
    reaches: 1,
    seen: { target: '/two' }
  },
  {
    name: 'a request in the body of one that is answered without reading it',
    source: 'PortSwigger, CL.0',
    send: `OPTIONS * HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${get('/hidden').length}\r\n\r\n${get('/hidden')}${get('/two')}`,
    client: [[204], [200]],
    reaches: 1,
    seen: { target: '/two' }
  },
  {
    name: 'half a request, and the client is gone',
    source: 'RFC 9112 §8',
    send: 'GET / HTTP/1.1\r\nHost: a',
    leave: 'reset',
    client: [],
    reaches: 'nothing'
  },
  {
    name: 'half a body, and the client is gone',
    source: 'RFC 9112 §8; reply-from #481',
    send: keep('hel', 'Content-Length: 5'),
    leave: 'reset',
    client: [],
    reaches: 'part'
  },
  {
    name: 'half a body, and the client says that this was all',
    source: 'RFC 9112 §8',
    send: keep('hel', 'Content-Length: 5'),
    leave: 'end',
    client: [[400]],
    reaches: 'part',
    open: true
  },
  {
    name: 'half a chunk, and the client says that this was all',
    source: 'RFC 9112 §8',
    send: keep('5\r\nhel', 'Transfer-Encoding: chunked'),
    leave: 'end',
    client: [[400]],
    reaches: 'part',
    open: true
  },
  {
    name: 'chunks without a last one, and the client says that this was all',
    source: 'RFC 9112 §8',
    send: keep('5\r\nhello\r\n', 'Transfer-Encoding: chunked'),
    leave: 'end',
    client: [[400]],
    reaches: 'part',
    open: true
  },
  {
    name: 'chunks without a last one, and the client is gone',
    source: 'RFC 9112 §8; reply-from #482',
    send: keep('5\r\nhello\r\n', 'Transfer-Encoding: chunked'),
    leave: 'reset',
    client: [],
    reaches: 'part'
  },
  {
    name: 'chunks whose last line is missing, and the client says that this was all',
    source: 'RFC 9112 §7.1',
    send: keep('5\r\nhello\r\n0\r\n', 'Transfer-Encoding: chunked'),
    leave: 'end',
    client: [[400]],
    reaches: 'part'
  },
  {
    name: 'half a chunk size, and the client says that this was all',
    source: 'RFC 9112 §7.1',
    send: keep('5\r\nhello\r\n1', 'Transfer-Encoding: chunked'),
    leave: 'end',
    client: [[400]],
    reaches: 'part',
    open: true
  },
  { name: 'a client that only ends', source: 'RFC 9112 §9.6', send: '', leave: 'end', client: [], reaches: 'nothing' },
  { name: 'a client that sends one byte and ends', source: 'RFC 9112 §9.6', send: 'G', leave: 'end', client: [[400]], reaches: 'nothing' },
  { name: 'a client that ends before its answer has gone', source: 'RFC 9112 §9.6', send: get('/'), leave: 'end', client: [], reaches: 1 },
  {
    name: 'a websocket with bytes behind it is not passed through',
    source: 'CVE-2026-2833, CVE-2026-58055',
    send: get(
      '/',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Version: 13'
    ) + get('/two'),
    client: [[200, 400, 426, 501]],
    reaches: 1
  },
  {
    name: 'an upgrade with a body',
    source: 'CVE-2026-58055',
    send: `POST / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade, close\r\nUpgrade: x\r\nContent-Length: ` +
      `${hidden.length}\r\n\r\n${hidden}`,
    client: [[200]],
    reaches: 1,
    seen: { body: hidden, without: ['upgrade'] },
    open: true
  },
  {
    name: 'CONNECT',
    source: 'RFC 9110 §9.3.6',
    send: 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
    client: [[405]],
    reaches: 'nothing',
    open: true,
    must: true
  },
  {
    name: 'CONNECT with a path',
    source: 'RFC 9110 §9.3.6',
    send: 'CONNECT /a HTTP/1.1\r\nHost: a.example\r\n\r\n',
    client: [[400, 405]],
    reaches: 'nothing',
    must: true,
    open: true
  },
  {
    name: 'CONNECT and what would go through',
    source: 'RFC 9110 §9.3.6',
    send: `CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n${get('/two')}`,
    client: [[405]],
    reaches: 'nothing'
  },
  {
    name: 'TRACE',
    source: 'RFC 9110 §9.3.8',
    send: 'TRACE / HTTP/1.1\r\nHost: a.example\r\nCookie: secret\r\nConnection: close\r\n\r\n',
    client: [[405]],
    reaches: 'nothing',
    hidden: /secret/
  },
  {
    name: 'OPTIONS of the whole server stays here',
    source: 'RFC 9110 §9.3.7',
    send: 'OPTIONS * HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n',
    client: [[204]],
    reaches: 'nothing'
  }
]

export const queues: Theme = { name: 'several requests on one connection, and leavings', attacks }
