/** Which request fields reach the upstream. */
import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import test from 'node:test'
import fc from 'fast-check'
import { compileRequestHeaders, maxForwards } from '../../src/http/request-headers.ts'
import type { ForwardingInput, ForwardingOptions } from '../../src/http/request-headers.ts'

type Pair = readonly [name: string, value: string]

const options: ForwardingOptions = { via: 'onedoor', trusted: ip => ip === '10.0.0.1', host: 'target' }

/** The parts of a request as Node gives them: joined by comma, cookies by semicolon, the first of what may come once. */
function incoming (pairs: readonly Pair[], more: Partial<ForwardingInput> = {}): ForwardingInput {
  const headers: IncomingHttpHeaders = {}
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    const before = headers[lower]
    if (before !== undefined && ['host', 'content-length'].includes(lower)) continue
    headers[lower] = before === undefined ? value : `${String(before)}${lower === 'cookie' ? '; ' : ', '}${value}`
  }
  return {
    rawHeaders: pairs.flat(),
    headers,
    httpVersion: '1.1',
    remoteAddress: '192.0.2.7',
    encrypted: false,
    localPort: 8080,
    authority: undefined,
    ...more
  }
}

function forward (pairs: readonly Pair[], more: Partial<ForwardingInput> = {}, with_: Partial<ForwardingOptions> = {}): Pair[] {
  const list = compileRequestHeaders({ ...options, ...with_ })(incoming(pairs, more))
  const found: Pair[] = []
  for (let i = 0; i < list.length; i += 2) found.push([list[i]!, list[i + 1]!])
  return found
}

const values = (list: readonly Pair[], name: string): string[] => list.filter(pair => pair[0].toLowerCase() === name).map(pair => pair[1])

const trustedPeer = { remoteAddress: '10.0.0.1' }

test('what the client sends end to end keeps order, repeats, case and bytes', () => {
  const sent: Pair[] = [
    ['X-A', '1'], ['ACCEPT', 'a/b'], ['X-A', '2'], ['Cookie', 'a=1'], ['Cookie', 'b=2'], ['X-L', 'caf\xe9'],
    ['Authorization', 'Bearer x'], ['content-length', '5']
  ]
  assert.deepEqual(forward(sent).slice(0, sent.length), sent)
})

test('the gateway says how the request came, with its own values', () => {
  assert.deepEqual(forward([['Host', 'api.example:8080']]), [
    ['via', '1.1 onedoor'], ['x-forwarded-for', '192.0.2.7'], ['x-forwarded-proto', 'http'], [
      'x-forwarded-host',
      'api.example:8080'
    ], ['x-forwarded-port', '8080']
  ])
  const tls = forward([], { encrypted: true, localPort: 8443, remoteAddress: '::ffff:192.0.2.7', httpVersion: '2.0' })
  assert.deepEqual(
    tls,
    [['via', '2 onedoor'], ['x-forwarded-for', '192.0.2.7'], ['x-forwarded-proto', 'https'], ['x-forwarded-port', '8443']]
  )
  assert.deepEqual(values(forward([], { httpVersion: '1.0', remoteAddress: '' }), 'x-forwarded-for'), ['unknown'])
  assert.deepEqual(values(forward([], { httpVersion: '1.0' }), 'via'), ['1.0 onedoor'])
})

test('hop-by-hop fields, Expect and Proxy end at the gateway', () => {
  const names = [
    'Connection', 'Keep-Alive', 'Proxy-Connection', 'Proxy-Authenticate', 'Proxy-Authorization',
    'Proxy-Authentication-Info', 'TE', 'Trailer', 'Transfer-Encoding',
    'Upgrade', 'HTTP2-Settings', 'Expect', 'Host', 'Proxy', ':path'
  ]
  const list = forward(names.map(name => [name, 'x']))
  for (const name of names) assert.deepEqual(values(list, name.toLowerCase()), [], name)
})

test('a field that Connection nominates is taken out, but never framing and never what the gateway sets (CVE-2024-45410)', () => {
  const own = ['via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-request-id', 'traceparent']
  const connection: Pair = ['Connection', `close, X-Foo,\tAuthorization , Content-Length, Host, ${own.join(', ')}, forwarded`]
  const list = forward(
    [connection, ['X-FOO', '1'], ['Authorization', 'a'], ['Content-Length', '44'], ['Host', 'a.example'], ['Via', '1.1 x'], ['X-Bar', '2']],
    { set: ['x-request-id', '7', 'traceparent', 't'] },
    { host: 'client', forwarded: true }
  )
  assert.deepEqual(values(list, 'x-foo'), [])
  assert.deepEqual(values(list, 'authorization'), [])
  assert.deepEqual(values(list, 'content-length'), ['44'])
  assert.deepEqual(values(list, 'host'), ['a.example'])
  assert.deepEqual(values(list, 'x-bar'), ['2'])
  assert.deepEqual(values(list, 'via'), ['1.1 onedoor'])
  for (const name of [...own, 'forwarded']) assert.equal(values(list, name).length, 1, name)
})

test('Content-Length is sent once, and not beside another framing', () => {
  assert.deepEqual(values(forward([['Content-Length', '5'], ['content-length', '5']]), 'content-length'), ['5'])
  assert.deepEqual(values(forward([['Transfer-Encoding', 'chunked'], ['Content-Length', '5']]), 'content-length'), [])
})

test('a peer that is not trusted cannot say where the request came from', () => {
  const forged: Pair[] = [
    ['X-Forwarded-For', '6.6.6.6'], ['X-Forwarded-Proto', 'https'], [
      'X-Forwarded-Host',
      'evil.test'
    ], ['X-Forwarded-Port', '666'], ['X-Forwarded-Prefix', '/evil'], ['X-Forwarded-Server', 'evil'],
    ['X-Forwarded-User', 'evil'], ['X-Real-IP', '6.6.6.6'], [
      'Forwarded',
      'for=6.6.6.6;proto=https;host=evil.test'
    ], ['X-Original-URL', '/evil'], ['X-Rewrite-URL', '/evil'],
    ['Client-IP', '6.6.6.6'], ['True-Client-IP', '6.6.6.6'], ['CF-Connecting-IP', '6.6.6.6'], ['X-Original-Forwarded-For', '6.6.6.6']
  ]
  for (const forwarded of [false, true]) {
    const list = forward([...forged, ['Host', 'a.example']], {}, { forwarded })
    assert.doesNotMatch(JSON.stringify(list), /6\.6\.6\.6|evil|666|https/)
    assert.deepEqual(values(list, 'x-forwarded-for'), ['192.0.2.7'])
    assert.deepEqual(values(list, 'x-forwarded-host'), ['a.example'])
  }
})

test('a trusted peer is believed: its list is continued and its other words are kept', () => {
  const list = forward([
    ['X-Forwarded-For', '198.51.100.9'], [
      'X-Forwarded-For',
      '198.51.100.10'
    ], ['X-Forwarded-Proto', 'https'], ['X-Forwarded-Host', 'shop.example'], ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Prefix', '/shop'], ['X-Real-IP', '198.51.100.9'], ['Host', 'inner.example']
  ], trustedPeer)
  assert.deepEqual(values(list, 'x-forwarded-for'), ['198.51.100.9, 198.51.100.10, 10.0.0.1'])
  assert.deepEqual(values(list, 'x-forwarded-proto'), ['https'])
  assert.deepEqual(values(list, 'x-forwarded-host'), ['shop.example'])
  assert.deepEqual(values(list, 'x-forwarded-port'), ['443'])
  assert.deepEqual(values(list, 'x-forwarded-prefix'), ['/shop'])
  assert.deepEqual(values(list, 'x-real-ip'), ['198.51.100.9'])
  assert.deepEqual(values(forward([['X-Forwarded-For', ''], ['X-Forwarded-Proto', '']], trustedPeer), 'x-forwarded-for'), ['10.0.0.1'])
})

test('names with an underscore are dropped, as some services read them as hyphens', () => {
  const list = forward(
    [['X_Forwarded_For', '6.6.6.6'], ['X_Auth_User', 'admin'], ['Content_Length', '5'], ['__proto__', 'x'], ['constructor', 'y']],
    trustedPeer
  )
  assert.equal(list.some(([name]) => name.includes('_')), false)
  assert.deepEqual(values(list, 'constructor'), ['y'])
})

test('identity fields of a client never pass, and the fields that the gateway sets replace the client\'s', () => {
  const sent: Pair[] = [
    ['X-User-Id', 'admin'], ['x-USER-id', 'root'], ['X-Request-Id', 'mine'], ['Traceparent', 'mine'],
    ['X-Role', 'admin']
  ]
  const list = forward(sent, { set: ['x-request-id', 'ours', 'traceparent', 'ours', 'x-role', 'user'] }, { remove: ['X-User-Id'] })
  assert.deepEqual(values(list, 'x-user-id'), [])
  assert.deepEqual(values(list, 'x-request-id'), ['ours'])
  assert.deepEqual(values(list, 'traceparent'), ['ours'])
  assert.deepEqual(values(list, 'x-role'), ['user'])
})

test('Host is the target\'s, or on request the one that the client asked for; an absolute target wins', () => {
  assert.deepEqual(values(forward([['Host', 'b.example']]), 'host'), [])
  assert.deepEqual(values(forward([['Host', 'b.example'], ['Host', 'c.example']], {}, { host: 'client' }), 'host'), ['b.example'])
  const absolute = forward([['Host', 'b.example']], { authority: 'a.example' }, { host: 'client' })
  assert.deepEqual(values(absolute, 'host'), ['a.example'])
  assert.deepEqual(values(absolute, 'x-forwarded-host'), ['a.example'])
})

test('Forwarded is written in the grammar of RFC 7239, and continued after a trusted peer', () => {
  const forwarded = (
    pairs: readonly Pair[],
    more: Partial<ForwardingInput> = {}
  ) => values(forward(pairs, more, { forwarded: true }), 'forwarded')
  assert.deepEqual(forwarded([['Host', 'a.example']]), ['for=192.0.2.7;host=a.example;proto=http'])
  assert.deepEqual(
    forwarded([['Host', 'a.example:81']], { remoteAddress: '2001:db8::1', encrypted: true }),
    ['for="[2001:db8::1]";host="a.example:81";proto=https']
  )
  assert.deepEqual(forwarded([['Forwarded', 'for=198.51.100.9']], trustedPeer), ['for=198.51.100.9, for=10.0.0.1;proto=http'])
})

test('Via is appended for every client, so that a loop can be seen', () => {
  assert.deepEqual(
    values(forward([['Via', '1.0 fred'], ['Via', '1.1 p.example (x)']]), 'via'),
    ['1.0 fred, 1.1 p.example (x), 1.1 onedoor']
  )
})

test('TE goes on as trailers when the client said so, and as nothing else', () => {
  assert.deepEqual(values(forward([['TE', 'deflate;q=0.5, Trailers']]), 'te'), ['trailers'])
  assert.deepEqual(values(forward([['TE', 'gzip']]), 'te'), [])
})

test('Max-Forwards counts down for OPTIONS and TRACE and ends at zero', () => {
  assert.equal(maxForwards('OPTIONS', { 'max-forwards': '0' }), 'answer')
  assert.equal(maxForwards('TRACE', { 'max-forwards': '000' }), 'answer')
  assert.equal(maxForwards('OPTIONS', { 'max-forwards': '5' }), 4)
  assert.equal(maxForwards('OPTIONS', { 'max-forwards': '9'.repeat(400) }), 0x7fffffff)
  for (const value of ['', '-1', '1.5', '0x1', ' 1', '1, 2']) assert.equal(maxForwards('OPTIONS', { 'max-forwards': value }), undefined)
  assert.equal(maxForwards('OPTIONS', {}), undefined)
  assert.equal(maxForwards('GET', { 'max-forwards': '0' }), undefined)
})

const hopByHop = [
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization',
  'proxy-authentication-info', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings', 'expect'
]
const fieldName = fc.oneof(
  fc.constantFrom(...hopByHop, 'te', 'host', 'x-a', 'x-b', 'via', 'forwarded', 'x-forwarded-for', 'x_a', 'authorization'),
  fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/)
)
  .chain(name => fc.constantFrom(name, name.toUpperCase(), name.replace(/^./, first => first.toUpperCase())))
const field = fc.tuple(fieldName, fc.oneof(fc.constantFrom('x-a, x-b', 'close, X-A', 'trailers'), fc.stringMatching(/^[!-~]{1,10}$/)))

test('no list ever has a hop-by-hop field, a nominated one, an alias or a second X-Forwarded-For', () => {
  fc.assert(fc.property(fc.array(field, { maxLength: 12 }), fc.boolean(), (pairs, peerIsTrusted) => {
    const input = incoming(pairs, peerIsTrusted ? trustedPeer : {})
    const list = compileRequestHeaders(options)(input)
    assert.equal(list.length % 2, 0)
    const names = list.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
    for (const name of hopByHop) assert.equal(names.includes(name), false, name)
    const nominated = (input.headers.connection ?? '').toLowerCase().split(',').map(token => token.trim())
    for (const name of ['x-a', 'x-b', 'authorization']) if (nominated.includes(name)) assert.equal(names.includes(name), false, name)
    assert.equal(names.some(name => name.includes('_')), false)
    assert.equal(names.filter(name => name === 'x-forwarded-for').length, 1)
    assert.equal(names.includes('host'), false)
  }))
})

/** Fields that say where a request came from. */
const origins = ['x-real-ip', 'x-forwarded-server', 'x-original-url', 'cf-connecting-ip', 'forwarded']
/** What the gateway writes itself. */
const written = [
  'host', 'te', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'forwarded',
  'x-request-id'
]
const anyField = fc.tuple(
  fc.oneof(
    fc.constantFrom(
      ...hopByHop,
      ...written,
      ...origins,
      'te',
      'proxy',
      'x-role',
      'content-length',
      'cookie',
      'accept',
      'x-a',
      'x-b',
      'X_Role',
      ':path'
    ),
    fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/)
  ).chain(name => fc.constantFrom(name, name.toUpperCase(), name.toLowerCase())),
  fc.oneof(
    fc.constantFrom('x-a, X-B', 'close, cookie, x-role', 'content-length, via, host', 'trailers'),
    fc.stringMatching(/^[!-~]{1,10}$/)
  )
)

test('fields of the client keep order, repeats and case; only allowed ones pass, and each field of the gateway follows once', () => {
  fc.assert(fc.property(fc.array(anyField, { maxLength: 20, size: 'max' }), fc.boolean(), fc.boolean(), fc.boolean(), (
    pairs,
    peerIsTrusted,
    forwarded,
    preserveHost
  ) => {
    const list = forward(
      pairs,
      { ...peerIsTrusted ? trustedPeer : {}, set: ['x-request-id', 'ours'] },
      { remove: ['X-Role'], forwarded, host: preserveHost ? 'client' : 'target' }
    )
    const lower = pairs.map(([name, value]) => [name.toLowerCase(), value] as const)
    // Framing stays whatever Connection says of it; one that is chunked has no length.
    const nominated = new Set(lower.filter(([name]) => name === 'connection').flatMap(
      ([, value]) => value.toLowerCase().split(',').map(token => token.trim())
    ).filter(token => token !== 'content-length'))
    const length = lower.some(([name]) => name === 'transfer-encoding') ? -1 : lower.findIndex(([name]) => name === 'content-length')
    const passing = pairs.filter((_pair, index) => {
      const [name] = lower[index]!
      if (name === 'content-length') return index === length
      if (hopByHop.includes(name) || [
        'te', 'host', 'via', 'proxy', 'x-role', 'x-request-id', 'x-forwarded-for', 'x-forwarded-proto',
        'x-forwarded-host', 'x-forwarded-port'
      ].includes(name)) return false
      if (name.includes('_') || name.startsWith(':') || nominated.has(name)) return false
      return !origins.includes(name) || (peerIsTrusted && !(forwarded && name === 'forwarded'))
    })
    assert.deepEqual(list.slice(0, passing.length), passing)
    const added = list.slice(passing.length)
    assert.ok(added.every(([name]) => written.includes(name)), JSON.stringify(added))
    assert.equal(new Set(added.map(([name]) => name)).size, added.length, JSON.stringify(added))
    assert.deepEqual(values(list, 'x-request-id'), ['ours'])
    assert.equal(values(added, 'forwarded').length, forwarded ? 1 : 0)
    // Its own address is the last word about where the request came from, and behind an untrusted peer the only one.
    const [chain = ''] = values(added, 'x-forwarded-for')
    const peer = peerIsTrusted ? '10.0.0.1' : '192.0.2.7'
    assert.ok(peerIsTrusted ? chain.endsWith(peer) : chain === peer, chain)
  }), { numRuns: 500 })
})

test('the list can be sent as it is: a service on a socket receives the fields of a raw request without the hop-by-hop ones', async t => {
  const headersFor = compileRequestHeaders(options)
  let seen: string[] = []
  const upstream = createServer((req, res) => {
    seen = req.rawHeaders
    res.end()
  })
  const door = createServer((req: IncomingMessage, res) => {
    const { port } = upstream.address() as AddressInfo
    const headers = headersFor({
      rawHeaders: req.rawHeaders,
      headers: req.headers,
      httpVersion: req.httpVersion,
      remoteAddress: req.socket.remoteAddress ?? '',
      encrypted: false,
      localPort: 80,
      authority: undefined
    })
    request({ port, host: '127.0.0.1', headers: ['Host', 'upstream.example', ...headers] }, answer => answer.pipe(res)).end()
  })
  t.after(() => { upstream.close(); door.close(); upstream.closeAllConnections(); door.closeAllConnections() })
  await Promise.all([once(upstream.listen(0, '127.0.0.1'), 'listening'), once(door.listen(0, '127.0.0.1'), 'listening')])

  const socket = connect((door.address() as AddressInfo).port, '127.0.0.1')
  socket.write(
    'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close, X-Foo\r\nX-Foo: 1\r\nKeep-Alive: 300\r\nExpect: 100-continue\r\nX-A: ' +
      '1\r\nX-A: 2\r\nX-L: caf\xe9\r\nX_User: admin\r\n\r\n',
    'latin1'
  )
  socket.resume()
  await once(socket, 'close')
  const pairs = seen.flatMap((name, index) => index % 2 === 0 ? [`${name}: ${seen[index + 1]}`] : [])
  assert.deepEqual(pairs.filter(line => !line.startsWith('Connection')), [
    'Host: upstream.example',
    'X-A: 1',
    'X-A: 2',
    'X-L: caf\xe9',
    'via: 1.1 onedoor',
    'x-forwarded-for: 127.0.0.1',
    'x-forwarded-proto: http',
    'x-forwarded-host: a.example',
    'x-forwarded-port: 80'
  ])
})

/** The port of the gateway's socket is no port that a client of the proxy in front knows. */
for (const [told, host, expected] of [
  [{ 'X-Forwarded-Proto': 'https' }, 'shop.example', '443'],
  [{ 'X-Forwarded-Proto': 'https' }, 'shop.example:8443', '8443'],
  [{ 'X-Forwarded-Proto': 'HTTPS, http' }, 'shop.example', '443'],
  [{ 'X-Forwarded-Proto': 'http' }, 'shop.example', '80'],
  [{ 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'out.example:444' }, 'in.example:8080', '444'],
  [{ 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '9' }, 'shop.example:8443', '9'],
  [{ 'X-Forwarded-Port': '9' }, 'shop.example', '9'],
  [{ 'X-Forwarded-Proto': 'https' }, '[::1]', '443'],
  [{ 'X-Forwarded-Proto': 'https' }, '[::1]:1', '1'],
  [{}, 'shop.example:8443', '8080']
] as const) {
  const trusted = `X-Forwarded-Port is ${expected} where a trusted proxy sends ${JSON.stringify(told)} for ${host}`
  test(`${trusted}, and the port of the gateway where no proxy is trusted`, () => {
    const pairs: Pair[] = [['Host', host], ...Object.entries(told)]
    assert.deepEqual(values(forward(pairs, trustedPeer), 'x-forwarded-port'), [expected])
    assert.deepEqual(values(forward(pairs), 'x-forwarded-port'), ['8080'])
  })
}

test('what was taken off the path is said behind what a trusted proxy took off before', () => {
  const told: Pair[] = [['X-Forwarded-Prefix', '/shop/, /a']]
  const more = { prefix: '/api/' }
  const dropped = { remove: ['x-forwarded-prefix'] }
  assert.deepEqual(values(forward(told, { ...trustedPeer, ...more }, dropped), 'x-forwarded-prefix'), ['/shop/a/api'])
  assert.deepEqual(values(forward(told, more, dropped), 'x-forwarded-prefix'), ['/api'])
})

test('names with _ pass where they are wanted, but never as another spelling of what a client cannot send', () => {
  const names = [
    'X_Plain', 'x_forwarded_for', 'X_Forwarded-Proto', 'X-Forwarded_Host', 'X_User', 'x-request_id', 'X_Real_IP',
    'Content_Length', 'transfer_encoding', 'HOST_', '_', 'Cf_Client'
  ]
  const pairs = names.map((name): Pair => [name, 'x'])
  const set = { remove: ['x-user', 'x-request-id'], origin: ['cf-client'] }
  const passing = (
    options: Partial<ForwardingOptions>,
    peer: Partial<ForwardingInput> = {}
  ) => forward(pairs, peer, options).filter(([, value]) => value === 'x').map(([name]) => name)
  for (const peer of [{}, trustedPeer]) {
    assert.deepEqual(passing(set, peer), [])
    assert.deepEqual(passing({ ...set, underscores: true }, peer), ['X_Plain', 'HOST_', '_'])
  }
})

test('a field by which proxies name the client is believed of them only', () => {
  const pairs: Pair[] = [['X-The-Client', '1.2.3.4']]
  assert.deepEqual(values(forward(pairs, {}, { origin: ['X-The-Client'] }), 'x-the-client'), [])
  assert.deepEqual(values(forward(pairs, trustedPeer, { origin: ['X-The-Client'] }), 'x-the-client'), ['1.2.3.4'])
})
