/** Too much of everything, and too slowly. */

import type { Attack, Theme } from '../case.ts'
import { chunked, get, keep, post } from '../write.ts'

/** Times and sizes so small that an attack is over soon. */
export function tightDoor (upstream: string): string {
  return `server:
  host: 127.0.0.1
  port: 0
  timeouts: { headers: 300ms, request: 600ms, keepAlive: 1s }
  limits: { body: 64kib }
${upstream}routes:
  - { path: /*, upstream: service }
`
}

const big = 'a'.repeat(100 * 1024)

const heads: Attack[] = [
  { name: 'a field of 100 KiB', source: 'RFC 6585 §5', send: get('/', `X: ${big}`), client: [[431]], reaches: 'nothing' },
  { name: 'a name of 100 KiB', source: 'RFC 6585 §5', send: get('/', `${big}: x`), client: [[431]], reaches: 'nothing' },
  {
    name: 'five thousand fields',
    source: 'RFC 6585 §5',
    send: get('/', ...Array.from({ length: 5000 }, (_, index) => `X-${index}: y`)),
    client: [[431]],
    reaches: 'nothing'
  },
  {
    name: 'five thousand fields of one name',
    source: 'RFC 6585 §5; CVE-2026-2581',
    send: get('/', ...Array<string>(5000).fill('X: 01234567')),
    client: [[431]],
    reaches: 'nothing'
  },
  {
    name: 'two thousand short fields within the limit',
    source: 'RFC 9110 §5.4',
    send: get('/', ...Array.from({ length: 2000 }, (_, index) => `X-${index}: y`)),
    client: [[200]],
    reaches: 1,
    seen: { fields: { 'x-0': ['y'], 'x-1999': ['y'] } }
  },
  {
    name: 'two thousand fields named by numbers',
    source: 'CVE-2026-21717',
    send: get('/', ...Array.from({ length: 2000 }, (_, index) => `${index * 65536}: y`)),
    client: [[200]],
    reaches: 1
  },
  {
    name: 'a thousand cookies',
    source: 'RFC 6265 §6.1',
    send: get('/', ...Array.from({ length: 1000 }, (_, index) => `Cookie: a${index}=b`)),
    client: [[200]],
    reaches: 1
  },
  { name: 'a target of 100 KiB', source: 'RFC 9110 §15.5.15', send: get(`/${big}`), client: [[414, 431]], reaches: 'nothing' },
  { name: 'a target of 10 KiB', source: 'RFC 9110 §15.5.15', send: get(`/${'a'.repeat(10_000)}`), client: [[414]], reaches: 'nothing' },
  { name: 'a query of 10 KiB', source: 'RFC 9110 §15.5.15', send: get(`/?${'a=b&'.repeat(2500)}`), client: [[414]], reaches: 'nothing' },
  { name: 'a thousand segments', source: 'RFC 9110 §4.1', send: get('/a'.repeat(1000)), client: [[200]], reaches: 1 },
  { name: 'four thousand slashes', source: 'RFC 3986 §3.3', send: get('/'.repeat(4000)), client: [[200, 400]], reaches: 1 },
  { name: 'two thousand escapes', source: 'RFC 3986 §2.1', send: get(`/${'%25'.repeat(2000)}`), client: [[200]], reaches: 1 },
  { name: 'two thousand parameters', source: 'RFC 3986 §3.3', send: get(`/${';a'.repeat(2000)}`), client: [[200, 400]], reaches: 1 },
  {
    name: 'a method of 100 KiB',
    source: 'RFC 9112 §3',
    send: `${'A'.repeat(102_400)} / HTTP/1.1\r\nHost: a.example\r\n\r\n`,
    client: [[400, 431]],
    reaches: 'nothing'
  },
  {
    name: 'a Host of 10 KiB',
    source: 'RFC 1035 §2.3.4',
    send: `GET / HTTP/1.1\r\nHost: ${'a'.repeat(10_000)}\r\nConnection: close\r\n\r\n`,
    client: [[400]],
    reaches: 'nothing'
  },
  {
    name: 'a hundred empty lines before a request',
    source: 'RFC 9112 §2.2',
    send: '\r\n'.repeat(100) + get('/'),
    client: [[200, 400]],
    reaches: 1
  }
]

const bodies: Attack[] = [
  {
    name: 'a body one byte too long',
    source: 'RFC 9110 §15.5.14',
    send: post('a'.repeat(65_537), 'Content-Length: 65537'),
    client: [[413]],
    reaches: 'nothing'
  },
  {
    name: 'a body that says 1 GB',
    source: 'RFC 9110 §15.5.14',
    send: post('a', 'Content-Length: 1000000000'),
    client: [[413]],
    reaches: 'nothing'
  },
  {
    name: 'chunks beyond the limit',
    source: 'RFC 9110 §15.5.14',
    send: keep(`1000\r\n${'a'.repeat(4096)}\r\n`.repeat(17), 'Transfer-Encoding: chunked'),
    client: [[413]],
    reaches: 'part'
  },
  {
    name: 'ten thousand chunks of one byte',
    source: 'RFC 9112 §7.1',
    send: chunked(`${'1\r\na\r\n'.repeat(10_000)}0\r\n\r\n`),
    client: [[200]],
    reaches: 1,
    seen: { body: 'a'.repeat(10_000) }
  },
  {
    name: 'an extension of 64 KiB',
    source: 'RFC 9112 §7.1.1; CVE-2023-39326',
    send: chunked(`1;${'a'.repeat(65_536)}\r\na\r\n0\r\n\r\n`),
    client: [[400, 413, 431]],
    reaches: 'part'
  },
  {
    name: 'extensions of 20 KiB together',
    source: 'RFC 9112 §7.1.1; CVE-2024-22019',
    send: chunked(`${`1;${'a'.repeat(1000)}\r\na\r\n`.repeat(20)}0\r\n\r\n`),
    client: [[200]],
    reaches: 1,
    seen: { body: 'a'.repeat(20) }
  },
  {
    name: 'a trailer of 100 KiB',
    source: 'RFC 9112 §7.1.2',
    send: chunked(`1\r\na\r\n0\r\nX: ${big}\r\n\r\n`),
    client: [[431, 400]],
    reaches: 'part'
  },
  {
    name: 'five thousand trailers',
    source: 'RFC 9112 §7.1.2',
    send: chunked(`1\r\na\r\n0\r\n${'X: 01234567\r\n'.repeat(5000)}\r\n`),
    client: [[431, 400]],
    reaches: 'part'
  },
  {
    name: 'a chunk size with a thousand leading zeros',
    source: 'RFC 9112 §7.1',
    send: chunked(`${'0'.repeat(1000)}1\r\na\r\n0\r\n\r\n`),
    client: [[200, 400]],
    reaches: 1
  }
]

const slow: Attack[] = [
  {
    name: 'a head that never ends',
    source: 'slowloris; RFC 9110 §15.5.9',
    send: 'GET / HTTP/1.1\r\nHost: a.example\r\nX: ',
    client: [[408]],
    reaches: 'nothing'
  },
  { name: 'a request line that never ends', source: 'slowloris', send: 'GET /', client: [[408]], reaches: 'nothing' },
  {
    name: 'a body that never ends',
    source: 'slowhttptest, R-U-Dead-Yet',
    send: keep('hel', 'Content-Length: 5'),
    client: [[408]],
    reaches: 'part'
  },
  {
    name: 'chunks that never end',
    source: 'slowhttptest',
    send: keep('5\r\nhello\r\n', 'Transfer-Encoding: chunked'),
    client: [[408]],
    reaches: 'part'
  },
  {
    name: 'a trailer that never ends',
    source: 'slowhttptest',
    send: keep('5\r\nhello\r\n0\r\nX: ', 'Transfer-Encoding: chunked'),
    client: [[408]],
    reaches: 'part'
  },
  { name: 'a connection on which nothing is asked', source: 'slowloris', send: '', client: [[408]], reaches: 'nothing' },
  {
    name: 'a connection on which nothing more is asked',
    source: 'slowloris',
    send: 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n',
    client: [[200]],
    reaches: 1
  },
  {
    name: 'a body that is asked for and never sent',
    source: 'RFC 9110 §10.1.1',
    send: keep('', 'Content-Length: 5', 'Expect: 100-continue'),
    client: [[408]],
    reaches: 'part'
  }
]

export const floods: Theme = { name: 'too much, and too slowly', attacks: [...heads, ...bodies, ...slow] }
