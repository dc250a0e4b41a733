/** What a request over HTTP/2 may not be: refused by Node (nghttp2), whose code is given, or by the gateway, whose status is given. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { flags, frame, headers, openFrames, pseudo, rstStream, types } from '../helpers/http2-frames.ts'
import { ask2, openHttp2 } from '../helpers/http2.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startTarget, type Hit, type TestTarget } from '../helpers/target.ts'

type Field = readonly [name: string, value: string]

const malformed = 1

type Outcome = { readonly rst: number } | { readonly status: number, readonly code: string }

const refused: readonly (readonly [what: string, fields: readonly Field[], outcome: Outcome])[] = [
  ['without :method', pseudo({ ':method': undefined }), { rst: malformed }],
  ['without :scheme', pseudo({ ':scheme': undefined }), { rst: malformed }],
  ['without :path', pseudo({ ':path': undefined }), { rst: malformed }],
  ['with an empty :path', pseudo({ ':path': '' }), { rst: malformed }],
  ['with a path that is no path', pseudo({ ':path': 'a' }), { rst: malformed }],
  ['with a whole URL as its path', pseudo({ ':path': 'http://b.test/' }), { rst: malformed }],
  ['with a whole URL as its path, and another scheme', pseudo({ ':scheme': 'x', ':path': 'http://b.test/' }), {
    status: 400, code: 'bad-request'
  }],
  ['with another scheme', pseudo({ ':scheme': 'ftp' }), { status: 400, code: 'bad-request' }],
  ['with a scheme that is none', pseudo({ ':scheme': 'ht tp' }), { rst: malformed }],
  ['without :authority and Host', pseudo({ ':authority': undefined }), { rst: malformed }],
  ['with an empty :authority', pseudo({ ':authority': '' }), { rst: malformed }],
  ['with userinfo in :authority', pseudo({ ':authority': 'user@a.test' }), { rst: malformed }],
  ['with a path in :authority', pseudo({ ':authority': 'a.test/x' }), { rst: malformed }],
  ['whose Host differs from :authority', [...pseudo(), ['host', 'b.test']], { status: 400, code: 'bad-host' }],
  ['with two Host fields', [...pseudo({ ':authority': undefined }), ['host', 'a.test'], ['host', 'a.test']], { rst: malformed }],
  ['with :method twice', [...pseudo(), [':method', 'GET']], { rst: malformed }],
  ['with :path twice', [...pseudo(), [':path', '/b']], { rst: malformed }],
  ['with a pseudo-header field after another field', [...pseudo({ ':path': undefined }), ['a', 'b'], [':path', '/']], { rst: malformed }],
  ['with an unknown pseudo-header field', [...pseudo(), [':other', 'x']], { rst: malformed }],
  ['with a pseudo-header field of responses', [...pseudo(), [':status', '200']], { rst: malformed }],
  ['with :protocol but no CONNECT', [...pseudo(), [':protocol', 'websocket']], { rst: malformed }],
  ['with an upper-case name', [...pseudo(), ['X-Upper', 'x']], { rst: malformed }],
  ['with a line break in :path', pseudo({ ':path': '/a\r\nb' }), { rst: malformed }],
  ['with a space in :path', pseudo({ ':path': '/a b' }), { rst: malformed }],
  ['with a space in :method', pseudo({ ':method': 'GE T' }), { rst: malformed }],
  ['with Connection', [...pseudo(), ['connection', 'close']], { rst: malformed }],
  ['with Keep-Alive', [...pseudo(), ['keep-alive', 'x']], { rst: malformed }],
  ['with Proxy-Connection', [...pseudo(), ['proxy-connection', 'close']], { rst: malformed }],
  ['with Transfer-Encoding', [...pseudo(), ['transfer-encoding', 'chunked']], { rst: malformed }],
  ['with Upgrade', [...pseudo(), ['upgrade', 'websocket']], { rst: malformed }],
  ['with TE other than trailers', [...pseudo(), ['te', 'gzip']], { rst: malformed }],
  ['with two lengths', [...pseudo({ ':method': 'POST' }), ['content-length', '0'], ['content-length', '0']], { rst: malformed }],
  ['with a length that is none', [...pseudo({ ':method': 'POST' }), ['content-length', '0x1']], { rst: malformed }],
  ['with a length but no body', [...pseudo({ ':method': 'POST' }), ['content-length', '5']], { rst: malformed }],
  ['that is a CONNECT', [[':method', 'CONNECT'], [':authority', 'b.test:443']], { status: 405, code: 'method-not-allowed' }],
  ['that is a CONNECT with a path', pseudo({ ':method': 'CONNECT' }), { rst: malformed }],
  ['that is a CONNECT with an unknown protocol', [...pseudo({ ':method': 'CONNECT' }), [':protocol', 'connect-udp']], {
    status: 405, code: 'method-not-allowed'
  }],
  ['that is a TRACE', pseudo({ ':method': 'TRACE' }), { status: 405, code: 'method-not-allowed' }],
  ['for all of a server that is no OPTIONS', pseudo({ ':path': '*' }), { rst: malformed }],
  ['with a dot segment', pseudo({ ':path': '/a/../b' }), { status: 400, code: 'bad-target' }],
  ['with an encoded NUL', pseudo({ ':path': '/a%00' }), { status: 400, code: 'bad-target' }],
  ['with a fragment', pseudo({ ':path': '/a#b' }), { status: 400, code: 'bad-target' }],
  ['with an unknown expectation', [...pseudo(), ['expect', 'teapot']], { status: 417, code: 'unsupported-expectation' }],
  ['with too long a path', pseudo({ ':path': `/${'a'.repeat(9000)}` }), { status: 414, code: 'target-too-long' }]
]

/** Starts a gateway whose clients speak HTTP/2 by prior knowledge. */
async function start (t: TestContext): Promise<TestGateway & { readonly target: TestTarget }> {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
server: {}
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { a: { targets: ['${target.url}'] } }
routes: [{ path: '/*', upstream: a }, { path: '/options', methods: [OPTIONS], upstream: a }]
`)
  return { ...gateway, target }
}

test('malformed requests', async t => {
  const { url, target } = await start(t)
  for (const [what, fields, outcome] of refused) {
    await t.test(`a request ${what}`, async t => {
      const client = await openFrames(t, url)
      client.write(headers(1, fields))
      const ending = await client.ending(1)
      if ('rst' in outcome) assert.equal(ending, outcome.rst)
      else {
        assert.equal(ending, 'complete')
        assert.deepEqual(pick(client.bodyOf(1)), outcome)
      }
    })
  }
  assert.equal(target.hits.length, 0)
})

function pick (problem: string): unknown {
  const { status, code } = JSON.parse(problem) as { status: number, code: string }
  return { status, code }
}

test('what is accepted', async t => {
  const { url, target } = await start(t)
  const accepted: readonly (readonly [what: string, fields: readonly Field[], seen: (hit: Hit) => unknown, value: unknown])[] = [
    ['a Host that repeats :authority', [...pseudo(), ['host', 'A.test']], hit => hit.headers['x-forwarded-host'], 'a.test'],
    [
      'a Host instead of :authority',
      [...pseudo({ ':authority': undefined }), ['host', 'b.test']],
      hit => hit.headers['x-forwarded-host'],
      'b.test'
    ],
    ['cookies in pieces', [...pseudo(), ['cookie', 'a=1'], ['x', 'y'], ['cookie', 'b=2']], hit => hit.headers.cookie, 'a=1; b=2'],
    ['TE: trailers', [...pseudo(), ['te', 'trailers']], hit => hit.headers['te'], 'trailers'],
    ['the scheme of a proxy in front', pseudo({ ':scheme': 'https' }), hit => hit.headers['x-forwarded-proto'], 'http'],
    ['a field named as one of every object', [...pseudo(), ['__proto__', 'x'], ['constructor', 'y']], hit => hit.url, '/']
  ]
  for (const [what, fields, seen, value] of accepted) {
    const client = await openFrames(t, url)
    client.write(headers(1, fields))
    assert.equal(await client.ending(1), 'complete', what)
    assert.equal(seen(target.hits.at(-1)!), value, what)
  }
  assert.equal(target.hits.at(-1)!.headers.via, '2 onedoor')
})

test('fields that no version of HTTP allows are left out by Node, and reach no target', async t => {
  const { url, target } = await start(t)
  for (const field of [['a b', 'x'], ['a:b', 'x'], ['', 'x'], ['a', 'b\r\nc: d'], ['a', 'b\0c'], ['a\r\nc', 'd']] as const) {
    const client = await openFrames(t, url)
    client.write(headers(1, [...pseudo(), field]))
    assert.equal(await client.ending(1), 'complete')
    const { rawHeaders } = target.hits.at(-1)!
    assert.deepEqual(rawHeaders.filter((text, index) => index % 2 === 0 && /[ac]/.test(text) && text.length < 3), [])
    assert.ok(!rawHeaders.includes('d'))
  }
})

test('a body that is longer or shorter than its length never looks complete to the target', async t => {
  const { url, target } = await start(t)
  const post = headers(1, [...pseudo({ ':method': 'POST' }), ['content-length', '5']], 0)
  const short = await openFrames(t, url)
  short.write(post, frame(types.data, flags.endStream, 1, Buffer.from('123')))
  assert.equal(await short.ending(1), malformed)
  // Node closes the whole connection.
  const long = await openFrames(t, url)
  long.write(post, frame(types.data, flags.endStream, 1, Buffer.from('1234567')))
  await long.gone()
  const client = await openFrames(t, url)
  client.write(headers(1, pseudo({ ':method': 'POST' }), 0), frame(types.data, 0, 1, Buffer.from('abc')), rstStream(1, 0))
  client.write(headers(3, pseudo({ ':path': '/after' })))
  await client.ending(3)
  assert.deepEqual(target.hits.map(hit => hit.url), ['/after'])
})

test('HTTP/1.1 in the name of HTTP/2 is refused', async t => {
  const { url } = await start(t)
  assert.equal((await exchangeBytes(t, url, 'GET / HTTP/2.0\r\nHost: a\r\n\r\n')).status, 400)
})

test('a refused request leaves its connection to others', async t => {
  const { url } = await start(t)
  const client = openHttp2(t, url)
  assert.equal((await ask2(client, { ':path': '/a%00' })).status, 400)
  assert.equal((await ask2(client, { ':method': 'POST', ':path': '/a%00' }, 'x'.repeat(100_000))).status, 400)
  assert.equal((await ask2(client, { expect: 'teapot' })).status, 417)
  assert.equal((await ask2(client)).status, 200)
})
