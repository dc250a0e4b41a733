/** What a hostile or broken service sends, and what of it the client gets. */

import type { Attack, Script, Theme } from '../case.ts'
import { get, keep, post, shown } from '../write.ts'

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const head = 'HTTP/1.1 200 OK\r\n'

function answer (name: string, source: string, upstream: Script | string, client: Attack['client'], more: Partial<Attack> = {}): Attack {
  return {
    name,
    source,
    send: get('/'),
    upstream: typeof upstream === 'string' ? { bytes: upstream } : upstream,
    client,
    reaches: 1,
    open: true,
    ...more
  }
}

const badHeads: Attack[] = [
  'SSH-2.0-OpenSSH\r\n\r\n', 'HTTP/1.1\r\n\r\n', 'HTTP/1.1 \r\n\r\n', 'HTTP/1.1 2000 OK\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n', 'HTTP/1.1 abc OK\r\n\r\n', 'HTTP/1.1 600 X\r\n\r\n', 'HTTP/1.1 999 X\r\n\r\n',
  'HTTP/1.1 099 X\r\n\r\n', 'HTTP/1.1 -200 X\r\n\r\n', 'HTTP/1.1 200OK\r\n\r\n', 'HTTP/2.1 200 OK\r\n\r\n',
  'HTTP/1.2 200 OK\r\n\r\n', 'http/1.1 200 OK\r\n\r\n', 'ICY 200 OK\r\n\r\n',
  `${head}X : y\r\nContent-Length: 0\r\n\r\n`, `${head}X y: z\r\nContent-Length: 0\r\n\r\n`,
  `${head}: y\r\nContent-Length: 0\r\n\r\n`, `${head}X\r\nContent-Length: 0\r\n\r\n`,
  `${head}X\x00: y\r\nContent-Length: 0\r\n\r\n`, `${head}X(: y\r\nContent-Length: 0\r\n\r\n`,
  `${head} X: y\r\nContent-Length: 0\r\n\r\n`,
  `${head}X: a\x00b\r\nContent-Length: 0\r\n\r\n`, `${head}X: a\rSet-Cookie: evil=1\r\nContent-Length: 0\r\n\r\n`,
  `${head}X: a\nSet-Cookie: evil=1\r\nContent-Length: 0\r\n\r\n`, `${head}X: a\x0bb\r\nContent-Length: 0\r\n\r\n`,
  `${head}Content-Length: abc\r\n\r\nok`, `${head}Content-Length: -1\r\n\r\nok`, `${head}Content-Length: +2\r\n\r\nok`,
  `${head}Content-Length: 0x2\r\n\r\nok`, `${head}Content-Length: 2, 3\r\n\r\nok`,
  `${head}Content-Length: 2 2\r\n\r\nok`, `${head}Content-Length: 99999999999999999999\r\n\r\nok`,
  `${head}Content-Length:\r\n\r\nok`,
  `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!`, `${head}Content-Length: 2\r\ncontent-length: 2\r\n\r\nok`,
  `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  `${head}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', `${head}Content-Length: 2\n\nok`, '\x00\x00\x00\x00',
  '\x15\x03\x01\x00\x02\x02\x28', '<html>hello</html>\r\n\r\n', '{"status":200}\r\n\r\n'
].map(bytes => answer(
  `head ${shown(bytes)}`,
  'RFC 9112 §2.2, §4, §5, §6.3; response splitting',
  { bytes, then: 'end' },
  [[502]],
  { hidden: /evil=1/ }
))

/** Legal, or harmless once it has been put into plain words. */
const plainHeads: readonly (readonly [string, string, number])[] = [
  ['no reason phrase', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok', 200],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 200],
  ['no length at all', `${head}\r\nok`, 200],
  ['an unknown status', 'HTTP/1.1 299 Fine\r\nContent-Length: 2\r\n\r\nok', 200],
  ['a reason phrase that is a script', 'HTTP/1.1 404 <script>alert(1)</script>\r\nContent-Length: 2\r\n\r\nok', 404],
  ['a length with leading zeros', `${head}Content-Length: 002\r\n\r\nok`, 200],
  ['chunks with extensions', `${head}Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n`, 200],
  ['chunked in capitals', `${head}Transfer-Encoding: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 200],
  ['chunked on HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 200],
  ['a Connection that closes', `${head}Connection: close\r\nContent-Length: 2\r\n\r\nok`, 200],
  ['a Connection that takes the length away', `${head}Connection: Content-Length\r\nContent-Length: 2\r\n\r\nok`, 200],
  [
    'a Connection of a hundred members',
    `${head}Connection: ${Array.from({ length: 100 }, (_, i) => `x${i}`).join()}\r\nContent-Length: 2\r\n\r\nok`,
    200
  ],
  ['bytes beyond ASCII in a field', `${head}X: caf\xe9\r\nContent-Length: 2\r\n\r\nok`, 200],
  ['a field named __proto__', `${head}__proto__: x\r\nconstructor: y\r\nContent-Length: 2\r\n\r\nok`, 200],
  ['an Upgrade beside 200', `${head}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok`, 200],
  ['Keep-Alive and Proxy-Connection', `${head}Keep-Alive: timeout=1\r\nProxy-Connection: close\r\nContent-Length: 2\r\n\r\nok`, 200],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 304],
  ['304 with chunked', 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n', 304],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
  ['103 before the answer', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`, 200],
  ['102 before the answer', `HTTP/1.1 102 Processing\r\n\r\n${ok}`, 200],
  ['two Set-Cookie', `${head}Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok`, 200],
  ['401 of its own', 'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nok', 401],
  ['503 of its own', 'HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nok', 503],
  ['a trailer', `${head}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`, 200]
]

const plain: Attack[] = plainHeads.map(([name, bytes, status]) => answer(
  name,
  'RFC 9112 §4, §6; RFC 9110 §7.6.1, §15',
  { bytes, then: 'end' },
  [[status === 200 && bytes.includes(' 299 ') ? 299 : status]],
  { hidden: /\r\n(?:upgrade|keep-alive|proxy-connection|__proto__):/i }
))

const between: Attack[] = [
  answer('100 that nobody asked for, before the answer', 'RFC 9110 §15.2.1', `HTTP/1.1 100 Continue\r\n\r\n${ok}`, [[200]]),
  answer(
    '101 that nobody asked for',
    'RFC 9110 §15.2.2; CVE-2026-2833',
    { bytes: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nraw bytes', then: 'end' },
    [[502]],
    { hidden: /raw bytes/ }
  ),
  answer('101 without a protocol', 'RFC 9110 §15.2.2', { bytes: 'HTTP/1.1 101 Switching Protocols\r\n\r\n', then: 'end' }, [[502]]),
  answer(
    '101 with a length',
    'RFC 9110 §15.2.2',
    { bytes: 'HTTP/1.1 101 Switching Protocols\r\nContent-Length: 2\r\n\r\nok', then: 'end' },
    [[502]]
  ),
  answer('five thousand 103', 'interim floods', `${'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(5000)}`, [[502, 504]]),
  answer(
    '103 without end',
    'interim floods',
    { bytes: '', endless: 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(100) },
    [[502, 504]],
    { open: false }
  ),
  answer(
    '102 without end',
    'interim floods',
    { bytes: '', endless: 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100) },
    [[502, 504]],
    { open: false }
  ),
  answer('fields without end', 'RFC 9112 §3', { bytes: head, endless: 'X-Filler: 0123456789\r\n'.repeat(100) }, [[502]]),
  answer('a field without end', 'RFC 9112 §3', { bytes: `${head}X: `, endless: 'a'.repeat(10_000) }, [[502]]),
  answer('a status line without end', 'RFC 9112 §3', { bytes: 'HTTP/1.1 200 ', endless: 'a'.repeat(10_000) }, [[502, 504]]),
  answer('a field name without end', 'RFC 9112 §3', { bytes: head, endless: 'a'.repeat(10_000) }, [[502]]),
  answer(
    'five thousand fields',
    'RFC 9112 §3',
    `${head}${'X-Filler: 0123456789\r\n'.repeat(5000)}Content-Length: 2\r\n\r\nok`,
    [[502]],
    { open: false }
  ),
  answer('empty lines without end', 'RFC 9112 §2.2', { bytes: '', endless: '\r\n'.repeat(5000) }, [[502, 504]], { open: false })
]

/** Not to be tried again when its connection is lost. */
const once = post('hello', 'Content-Length: 5')

const cuts: Attack[] = [
  answer('closed at once', 'RFC 9112 §9.6', { bytes: '', then: 'end' }, [[502]], { send: once }),
  answer('reset at once', 'RFC 9112 §9.6', { bytes: '', then: 'reset' }, [[502]], { send: once }),
  answer('closed in the status line', 'RFC 9112 §8', { bytes: 'HTTP/1.1 2', then: 'end' }, [[502]]),
  answer('closed in a field', 'RFC 9112 §8', { bytes: `${head}X: y`, then: 'end' }, [[502]]),
  answer(
    'closed between head and body',
    'RFC 9112 §8',
    { bytes: `${head}Content-Length: 5\r\n\r\n`, then: 'end' },
    [[502, 200]],
    { open: false, cut: 'maybe' }
  ),
  answer(
    'closed in a body of a known length',
    'RFC 9112 §8',
    { bytes: `${head}Content-Length: 500000\r\n\r\n${'a'.repeat(200_000)}`, then: 'end' },
    [[200]],
    { cut: true }
  ),
  answer(
    'reset in a body of a known length',
    'RFC 9112 §8',
    { bytes: `${head}Content-Length: 500000\r\n\r\n${'a'.repeat(200_000)}`, then: 'reset' },
    [[200, 502]],
    { open: false, cut: 'maybe' }
  ),
  answer(
    'closed in chunks',
    'RFC 9112 §8',
    { bytes: `${head}Transfer-Encoding: chunked\r\n\r\n30d40\r\n${'a'.repeat(200_000)}\r\n`, then: 'end' },
    [[200]],
    { cut: true }
  ),
  answer(
    'closed in a chunk',
    'RFC 9112 §8',
    { bytes: `${head}Transfer-Encoding: chunked\r\n\r\n30d40\r\n${'a'.repeat(200_000)}\r\n5\r\nhe`, then: 'end' },
    [[200]],
    { cut: true }
  ),
  answer(
    'a chunk size that is none, after a good chunk',
    'RFC 9112 §7.1',
    { bytes: `${head}Transfer-Encoding: chunked\r\n\r\n30d40\r\n${'a'.repeat(200_000)}\r\nxyz\r\n`, then: 'end' },
    [[200]],
    { cut: true }
  ),
  answer(
    'a chunk longer than it says',
    'RFC 9112 §7.1',
    { bytes: `${head}Transfer-Encoding: chunked\r\n\r\n30d40\r\n${'a'.repeat(200_010)}\r\n0\r\n\r\n`, then: 'end' },
    [[200]],
    { cut: true }
  ),
  answer(
    'a chunk size beyond all numbers',
    'RFC 9112 §7.1',
    { bytes: `${head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nok\r\n0\r\n\r\n`, then: 'end' },
    [[502, 200]],
    { open: false, cut: 'maybe' }
  ),
  answer('silence', 'RFC 9110 §15.6.5', '', [[504]], { open: false }),
  answer('silence in the head', 'RFC 9110 §15.6.5', `${head}X: y\r\n`, [[504]], { open: false }),
  answer(
    'silence in the body',
    'RFC 9112 §8',
    `${head}Content-Length: 500000\r\n\r\n${'a'.repeat(200_000)}`,
    [[200]],
    { open: false, cut: true }
  )
]

const bodyless: Attack[] = [
  'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
].map(bytes =>
  answer(
    `a body where none can be: ${shown(bytes)}`,
    'RFC 9112 §6.3',
    { bytes, then: 'end' },
    [[204, 304, 502]],
    { hidden: /HTTP\/1\.1 [23]04[^]*\r\n\r\n.*hello/, open: false }
  ))

const surplus: Attack[] = [
  answer(
    'a second answer behind the first',
    'response queue poisoning; CVE-2026-48931',
    `${ok}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
    [[200]],
    { hidden: /evil/ }
  ),
  answer(
    'a second answer behind chunks',
    'response queue poisoning',
    `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
    [[200]],
    { hidden: /evil/ }
  ),
  answer(
    'a second answer behind 304',
    'response queue poisoning',
    'HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
    [[304]],
    { hidden: /evil/ }
  ),
  answer('garbage behind the answer', 'response queue poisoning', `${ok}garbage garbage\r\n\r\n`, [[200]], { hidden: /garbage/ }),
  {
    ...answer('a body for HEAD', 'RFC 9110 §9.3.2', `${head}Content-Length: 4\r\n\r\nevil`, [[200]], { hidden: /evil/ }),
    send: get('/').replace('GET', 'HEAD')
  },
  {
    ...answer(
      'an answer hidden in the body for HEAD',
      'response queue poisoning',
      `${head}Content-Length: 42\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
      [[200]],
      { hidden: /evil/ }
    ),
    send: get('/').replace('GET', 'HEAD')
  },
  {
    ...answer(
      'an answer before there was a request',
      'CVE-2026-48931',
      { on: 'connect', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil' },
      [[200]],
      { open: false }
    ),
    reaches: 'nothing',
    send: get('/%2e%2e'),
    client: [[400]]
  },
  {
    ...answer(
      'an answer before the body has come',
      'RFC 9112 §9.5; early answers',
      { on: 'head', bytes: 'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig', then: 'end' },
      [[413, 502]],
      { open: false }
    ),
    send: [keep('hel', 'Connection: close', 'Content-Length: 5'), { after: 'big', send: 'lo' }],
    reaches: 'part'
  },
  {
    ...answer('a reset before the body has come', 'RFC 9112 §9.5', { on: 'head', bytes: '', then: 'reset' }, [[502]], { open: false }),
    send: [keep('hel', 'Connection: close', 'Content-Length: 5'), { after: '502', send: 'lo' }],
    reaches: 'part'
  }
]

const gzip = Buffer.from('1f8b0800000000000003', 'hex').toString('latin1')
const encoded: Attack[] = [
  'gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'compress', 'gzip, gzip, gzip', Array(1000).fill('gzip').join(', '),
  'aes128gcm', 'nonsense'
].map(coding =>
  answer(
    `content encoded as ${coding.slice(0, 40)} is not opened`,
    'CVE-2026-22036; RFC 9110 §8.4',
    `${head}Content-Encoding: ${coding}\r\nContent-Length: ${gzip.length}\r\n\r\n${gzip}`,
    [[200]],
    { shown: /content-encoding: [^]*\r\n\r\n\x1f\x8b\x08/i }
  ))

const fields: Attack[] = [
  'Connection: close, X-Secret\r\nX-Secret: a',
  'Connection: keep-alive, x-secret\r\nX-Secret: b',
  'Proxy-Authenticate: Basic',
  'Proxy-Authentication-Info: x',
  'Upgrade: h2c',
  'Keep-Alive: timeout=9999',
  'Transfer-Encoding: chunked\r\nTE: trailers',
  'HTTP2-Settings: x',
  'Trailer: Content-Length\r\nConnection: trailer'
].map(lines =>
  answer(
    `${shown(lines)} ends at the gateway`,
    'RFC 9110 §7.6.1',
    `${head}${lines}\r\n${lines.includes('chunked') ? '\r\n2\r\nok\r\n0\r\n\r\n' : 'Content-Length: 2\r\n\r\nok'}`,
    [[200]],
    { hidden: /\r\n(?:x-secret|proxy-authenticate|proxy-authentication-info|upgrade|te|http2-settings):|timeout=9999/i }
  ))

export const answers: Theme = {
  name: 'what hostile services answer',
  attacks: [...badHeads, ...plain, ...between, ...cuts, ...bodyless, ...surplus, ...encoded, ...fields]
}
