/** Where a request ends: whatever two readers could answer differently. */

import type { Attack, Theme } from '../case.ts'
import { chunked, get, hidden, oneChunk, post, shown } from '../write.ts'

const refused = { client: [[400]], reaches: 'nothing', open: true } as const
const cut = { client: [[400]], reaches: 'part', open: true } as const

/** Spellings of Transfer-Encoding that one reader takes for chunked and another does not. */
const codings = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunkedx',
  'Transfer-Encoding: chunk',
  'Transfer-Encoding: "chunked"',
  "Transfer-Encoding: 'chunked'",
  'Transfer-Encoding: identity',
  'Transfer-Encoding: gzip',
  'Transfer-Encoding: deflate',
  'Transfer-Encoding: compress',
  'Transfer-Encoding: trailers',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: ,chunked',
  'Transfer-Encoding: chunked,',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding: chunked; a=b',
  'Transfer-Encoding: cow\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow',
  'Transfer-Encoding: chunked\r\ntransfer-encoding: chunked',
  'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding:',
  'Transfer-Encoding: ',
  'Transfer-Encoding: 0',
  'Transfer-Encoding: chunked chunked',
  'Transfer-Encoding:\x0bchunked', 'Transfer-Encoding:\x0cchunked', 'Transfer-Encoding: \x00chunked',
  'Transfer-Encoding: chunked\x00', 'Transfer-Encoding: \x08chunked',
  'Transfer-Encoding: \x7fchunked',
  'Transfer-Encoding: \xa0chunked',
  'Transfer-Encoding: \x85chunked',
  'Transfer-Encoding: chunked\xa0',
  'Transfer-Encoding: \xffchunked',
  'Transfer-Encoding:\n chunked', 'Transfer-Encoding:\r\n chunked', 'Transfer-Encoding:\r\n\tchunked',
  'Transfer-Encoding: chu\r\n nked', 'Transfer-Encoding: chunked\r\n x',
  'Transfer-Encoding : chunked', 'Transfer-Encoding\t: chunked', 'Transfer-Encoding\x0b: chunked',
  ' Transfer-Encoding: chunked', '\tTransfer-Encoding: chunked', '\x0bTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\r\rTransfer-Encoding: chunked',
  'X: y\x00\r\nTransfer-Encoding: chunked\x00',
  'Transfer Encoding: chunked', 'Transfer-Encoding\x00: chunked', 'Transfer-Encoding;: chunked',
  '[Transfer-Encoding: chunked', 'Transfer-Encoding chunked', ': Transfer-Encoding: chunked',
  'Transfer-Encoding\xa0: chunked', 'Transfer-Encoding\xff: chunked', 'TRANSFER-ENCODING: CHUNKED,', 'Transfer-Encoding: ch\xfcnked'
] as const

/** Spellings that hide nothing from a strict reader: the field is not Transfer-Encoding, and the length alone counts. */
const otherNames = [
  'Transfer-Encodin: chunked', 'Xtransfer-Encoding: chunked', 'Transfer_Encoding: chunked',
  'Transfer.Encoding: chunked', 'TE: chunked', 'Content-Encoding: chunked', '!Transfer-Encoding: chunked'
] as const

const besideLength: Attack[] = codings.map(coding => ({
  name: `${shown(coding)} beside a length`,
  source: 'RFC 9112 §6.1, §6.3; PortSwigger, HTTP desync attacks',
  send: post(oneChunk, `Content-Length: ${oneChunk.length}`, coding),
  ...refused
}))

const alone: Attack[] = codings.map(coding => ({
  name: `${shown(coding)} without a length`,
  source: 'RFC 9112 §6.1',
  send: post(oneChunk, coding),
  ...refused
}))

const named: Attack[] = otherNames.map(field => ({
  name: `${shown(field)} is not Transfer-Encoding`,
  source: 'RFC 9112 §6.3; http-desync-guardian',
  send: post(oneChunk, `Content-Length: ${oneChunk.length}`, field),
  client: [[200]],
  reaches: 1,
  seen: { body: oneChunk, without: ['transfer-encoding', 'transfer_encoding'] },
  open: true
}))

/** Values of Content-Length that are not one plain number. */
const lengths = [
  '+5', '-5', '-0', '0x5', '0X5', '5e0', '1e400', '5.0', '5,', ',5', '5,5', '5, 5', '5;', '5 5', '"5"',
  '５'.normalize('NFC'), 'five', '', ' ', '\x0b5', '5\x0b', '\x0c5', '5\x00', '\xa05', '5_0', '0b101', '0o5', '05e0',
  '5\xff',
  '99999999999999999999', '18446744073709551621', '99999999999999999999999', 'Infinity', 'NaN', '5 ,6', '5\t6', '५',
  '1_0', '{5}', '5\r\n 0', '\r\n 5'
].map(value => Buffer.from(value, 'utf8').toString('latin1'))

const lengthValues: Attack[] = lengths.map(value => ({
  name: `Content-Length: ${shown(value)}`, source: 'RFC 9110 §8.6; http-garden', send: post('hello', `Content-Length: ${value}`), ...refused
}))

/** Plain numbers, but no body is that long. */
const hugeLengths: Attack[] = ['4294967301', '9223372036854775807', '9223372036854775808', '18446744073709551615'].map(value => ({
  name: `a body of ${value} bytes`, source: 'RFC 9110 §8.6', send: post(
    'hello',
    `Content-Length: ${value}`
  ), client: [[413]], reaches: 'nothing'
}))

const lengthPairs: Attack[] = [
  ['5', '10'], ['10', '5'], ['5', '5'], ['0', '5'], ['5', '0'], ['5', '+5'], ['5', '']
].map(([first, second]) => ({
  name: `two lengths, ${first} and ${second}`,
  source: 'RFC 9112 §6.3; CVE-2026-1525',
  send: post('hello', `Content-Length: ${first}`, `content-length: ${second}`),
  ...refused
}))

const lengthNames: Attack[] = [
  'Content-Length : 5', 'Content-Length\t: 5', ' Content-Length: 5', 'Content Length: 5', 'Content-Length\x00: 5',
  'Content-Length\x0b: 5', 'Content-Length 5', 'X: y\rContent-Length: 5', 'X: y\nContent-Length: 5'
].map(field => ({
  name: `${shown(field)} as a field`, source: 'RFC 9112 §5.1; CVE-2021-22959', send: post('hello', field), ...refused
}))

/** Chunk sizes that are no plain hexadecimal number. */
const sizes = [
  '0x5', '0X5', '+5', '-5', '-1', '5 5', ' 5', '\t5', '5\x0b', '5\x00', '\x005', '5_', '5.', '5,', '"5"', 'g', '', ' ',
  'five', '5h', '5\xa0', '\xff5', '5\r', '５'.normalize('NFC'),
  '10000000000000005', 'fffffffffffffffff', '100000000000000000000000000000005'
].map(value => Buffer.from(value, 'utf8').toString('latin1'))

const chunkSizes: Attack[] = sizes.map(size => ({
  name: `chunk size ${shown(size)}`, source: 'RFC 9112 §7.1; http-garden', send: chunked(`${size}\r\nhello\r\n0\r\n\r\n`), ...cut
}))

/** Legal, and never filled: the client leaves in the middle. */
const hugeChunks: Attack[] = [
  '7fffffff', 'ffffffff', '100000005', '7fffffffffffffff', '8000000000000000', 'ffffffffffffffff'
].map(size => ({
  name: `a chunk of ${size} bytes of which five come`,
  source: 'RFC 9112 §7.1, §8',
  send: chunked(`${size}\r\nhello`),
  leave: 'end',
  client: [[400]],
  reaches: 'part',
  open: true
}))

const chunkLines: readonly (readonly [string, string])[] = [
  ['a chunk line that ends in LF', '5\nhello\r\n0\r\n\r\n'],
  ['a chunk line that ends in CR', '5\rhello\r\n0\r\n\r\n'],
  ['a chunk that ends in LF', '5\r\nhello\n0\r\n\r\n'],
  ['a chunk that ends in nothing', '5\r\nhello0\r\n\r\n'],
  ['a chunk that is longer than it says', '2\r\nhello\r\n0\r\n\r\n'],
  ['a chunk that ends in CR CR LF', '5\r\nhello\r\r\n0\r\n\r\n'],
  ['a chunk that ends in spaces', '5\r\nhello  \r\n0\r\n\r\n'],
  ['a last chunk that ends in LF', '5\r\nhello\r\n0\n\r\n'],
  ['a body that ends in LF LF', '5\r\nhello\r\n0\r\n\n\n'],
  ['an extension with LF', '5;a\nhello\r\n0\r\n\r\n'],
  ['an extension with CR', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
  ['an extension with NUL', '5;a\x00\r\nhello\r\n0\r\n\r\n'],
  ['an extension that swallows a line in quotes', '5;a="\r\nhello\r\n0\r\n\r\n'],
  ['an extension of a last chunk with LF', '5\r\nhello\r\n0;\n\r\n\r\n'],
  ['a trailer without colon', '5\r\nhello\r\n0\r\nx\r\n\r\n'],
  ['a trailer with LF', '5\r\nhello\r\n0\r\nx: y\nz: a\r\n\r\n'],
  ['a trailer with a space before the colon', '5\r\nhello\r\n0\r\nx : y\r\n\r\n'],
  ['a trailer with NUL', '5\r\nhello\r\n0\r\nx: \x00\r\n\r\n'],
  ['a trailer that folds', '5\r\nhello\r\n0\r\nx: y\r\n z\r\n\r\n']
]

const chunks: Attack[] = chunkLines.map(([name, body]) => ({
  name,
  source: 'RFC 9112 §7.1; CVE-2023-39326, CVE-2025-22871',
  send: chunked(body),
  ...cut
}))

const passed: readonly (readonly [string, string])[] = [
  ['upper case in a chunk size', '5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n'],
  ['leading zeros in a chunk size', '0005\r\nhello\r\n000a\r\n0123456789\r\n00\r\n\r\n'],
  ['extensions of chunks', '5;a\r\nhello\r\na;b=c;d="e"\r\n0123456789\r\n0;f\r\n\r\n']
]

const allowed: Attack[] = passed.map(([name, body]) => ({
  name: `${name} is allowed and not passed on as it is`, source: 'RFC 9112 §7.1', send: chunked(body), client: [[200]], reaches: 1, seen: {
    body: 'hello0123456789'
  }, open: true
}))

const framingTrailers: Attack[] = [
  'Content-Length: 50',
  'Transfer-Encoding: chunked',
  'Content-Length: 5',
  'Transfer-Encoding: gzip'
].map(field => ({
  name: `${field} as a trailer`, source: 'RFC 9110 §6.5.1', send: chunked(`5\r\nhello\r\n0\r\n${field}\r\n\r\n`), ...cut
}))

const trailers: Attack[] = [
  'Authorization: Bearer x', 'X-Forwarded-For: 10.0.0.1', 'Host: b.example', 'X-User-Id: 1', 'Connection: close',
  'Cookie: a=b', '__proto__: x'
].map(field => ({
  name: `${field} as a trailer is dropped`,
  source: 'RFC 9110 §6.5.1',
  send: chunked(`5\r\nhello\r\n0\r\n${field}\r\n\r\n`),
  client: [[200]],
  reaches: 1,
  seen: { body: 'hello', without: /^(?:X-Forwarded|Host|Connection)/.test(field) ? [] : [field.split(':', 1)[0]!.toLowerCase()] },
  open: true
}))

const smuggled: Attack[] = [
  {
    name: 'a request behind the last chunk, with a length that covers it',
    source: 'CL.TE; RFC 9112 §6.3',
    send: post(`0\r\n\r\n${hidden}`, `Content-Length: ${5 + hidden.length}`, 'Transfer-Encoding: chunked'),
    ...refused
  },
  {
    name: 'a request behind a length that a chunk covers',
    source: 'TE.CL; RFC 9112 §6.3',
    send: post(`5\r\nhello\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`, 'Content-Length: 3', 'Transfer-Encoding: chunked'),
    ...refused
  },
  {
    name: 'two framings with the length last',
    source: 'http-desync-guardian',
    send: post(oneChunk, 'Transfer-Encoding: chunked', 'Content-Length: 15'),
    ...refused
  },
  {
    name: 'a length of zero beside chunks',
    source: 'CL.0; RFC 9112 §6.3',
    send: post(oneChunk, 'Content-Length: 0', 'Transfer-Encoding: chunked'),
    ...refused
  },
  {
    name: 'two framings on GET',
    source: 'http-desync-guardian',
    send: `${get('/', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    ...refused
  },
  {
    name: 'chunks on HTTP/1.0',
    source: 'RFC 9112 §6.1; CVE-2026-2836',
    send: `POST / HTTP/1.0\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n${oneChunk}`,
    ...refused
  },
  {
    name: 'chunks on HTTP/1.0 that wants to be kept',
    source: 'RFC 9112 §6.1',
    send: `POST / HTTP/1.0\r\nHost: a.example\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${oneChunk}`,
    ...refused
  },
  {
    name: 'two framings on HTTP/1.0',
    source: 'RFC 9112 §6.1',
    send: `POST / HTTP/1.0\r\nHost: a.example\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n${oneChunk}`,
    ...refused
  },
  {
    name: 'a body without a length on HTTP/1.0 is not one',
    source: 'RFC 9112 §6.3',
    send: `POST / HTTP/1.0\r\nHost: a.example\r\n\r\nhello`,
    client: [[200, 400]],
    reaches: 1,
    seen: { body: '' }
  },
  {
    name: 'a GET with a body keeps it',
    source: 'RFC 9110 §9.3.1',
    send: `GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello`,
    client: [[200]],
    reaches: 1,
    seen: { method: 'GET', body: 'hello' },
    open: true
  },
  {
    name: 'a GET with a request in its body keeps it there',
    source: 'PortSwigger, CL.0',
    send: `GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    client: [[200]],
    reaches: 1,
    seen: { body: hidden },
    open: true
  },
  {
    name: 'a HEAD with a request in its body keeps it there',
    source: 'PortSwigger, CL.0',
    send: `HEAD / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    client: [[200]],
    reaches: 1,
    seen: { method: 'HEAD', body: hidden },
    open: true
  },
  {
    name: 'a DELETE with chunks keeps them',
    source: 'RFC 9110 §9.3.5',
    send: `DELETE / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${oneChunk}`,
    client: [[200]],
    reaches: 1,
    seen: { method: 'DELETE', body: 'hello' },
    open: true
  },
  {
    name: 'leading zeros of a length are one number',
    source: 'RFC 9110 §8.6',
    send: post('hello', 'Content-Length: 005'),
    client: [[200, 400]],
    reaches: 1,
    seen: { body: 'hello' },
    open: true
  }
]

export const framing: Theme = {
  name: 'where a request ends',
  attacks: [
    ...besideLength, ...alone, ...named, ...lengthValues, ...hugeLengths, ...lengthPairs, ...lengthNames, ...chunkSizes,
    ...hugeChunks, ...chunks, ...allowed, ...framingTrailers, ...trailers, ...smuggled
  ]
}
