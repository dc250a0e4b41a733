import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, type RawAnswer } from '../helpers/raw.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

async function openDoor (t: TestContext): Promise<{ ask: (bytes: string) => Promise<RawAnswer>, target: TestTarget }> {
  const target = await startTarget(t)
  const { url } = await startGateway(
    t,
    `server: { host: 127.0.0.1, port: 0, limits: { url: 1kib } }\nroutes:\n  - { path: /*, target: "${target.url}" }\n  - { path: ` +
      `/guarded/*, respond: { status: 403 } }\n`
  )
  return { ask: async bytes => await exchangeBytes(t, url, bytes), target }
}

const get = (target: string, fields = 'Host: a.example\r\n'): string => `GET ${target} HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`

/** Ends at the last chunk, and says nothing of closing. */
const post = (fields: string, version = '1.1'): string => `POST / HTTP/${version}\r\nHost: a\r\n${fields}\r\n1\r\na\r\n0\r\n\r\n`

for (const [what, bytes, status, code] of [
  ['dot segments', get('/public/../guarded/x'), 400, 'bad-target'],
  ['encoded dot segments', get('/public/%2e%2e/guarded/x'), 400, 'bad-target'],
  ['dot segments behind an encoded slash', get('/public/..%2fguarded/x'), 400, 'bad-target'],
  ['dot segments with parameters', get('/public/..;/guarded/x'), 400, 'bad-target'],
  ['a backslash', get('/public\\guarded'), 400, 'bad-target'],
  ['an encoded NUL', get('/a%00b'), 400, 'bad-target'],
  ['overlong UTF-8', get('/%c0%ae%c0%ae/guarded'), 400, 'bad-target'],
  ['a fragment', get('/a#b'), 400, 'bad-target'],
  ['a doubled slash in front of a guarded path', get('//guarded/x'), 400, 'ambiguous-path'],
  ['an encoded slash in a guarded path', get('/guarded%2fx'), 400, 'ambiguous-path'],
  ['a parameter in a guarded path', get('/guarded;v=1/x'), 400, 'ambiguous-path'],
  ['an encoded parameter in a guarded path', get('/guarded%3bv=1/x'), 400, 'ambiguous-path'],
  ['a target that is too long', get(`/${'a'.repeat(2000)}`), 414, 'target-too-long'],
  ['no Host', get('/', ''), 400, 'bad-host'],
  ['two Hosts', get('/', 'Host: a.example\r\nHost: b.example\r\n'), 400, 'bad-host'],
  ['a Host with user information', get('/', 'Host: user@a.example\r\n'), 400, 'bad-host'],
  ['a Host with a path', get('/', 'Host: a.example/x\r\n'), 400, 'bad-host'],
  ['a Host list', get('/', 'Host: a.example, b.example\r\n'), 400, 'bad-host'],
  ['a coding before chunked', post('Transfer-Encoding: gzip, chunked\r\n'), 400, 'bad-request'],
  ['identity before chunked', post('Transfer-Encoding: identity, chunked\r\n'), 400, 'bad-request'],
  ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'), 400, 'bad-request'],
  ['chunked with a parameter', post('Transfer-Encoding: chunked;q=1\r\n'), 400, 'bad-request'],
  ['Transfer-Encoding on HTTP/1.0', post('Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n', '1.0'), 400, 'bad-request'],
  ['HTTP/0.9', 'GET /\r\n\r\n', 400, 'bad-request'],
  ['HTTP/0.9 by its number', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n', 400, 'bad-request'],
  ['HTTP/2.0 in the syntax of HTTP/1.1', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 400, 'bad-request'],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405, 'method-not-allowed'],
  ['CONNECT', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n', 405, 'method-not-allowed'],
  ['a request that goes round', get('/', 'Host: a\r\nVia: 1.1 onedoor, 1.1 onedoor, 1.1 onedoor, 1.1 onedoor\r\n'), 508, 'loop']
] as const) {
  test(`${what} gets a ${status} ${code} and reaches no target`, async t => {
    const { ask, target } = await openDoor(t)
    const answer = await ask(bytes)
    assert.equal(answer.status, status)
    assert.equal((JSON.parse(answer.text) as { code: string }).code, code)
    assert.equal(target.hits.length, 0)
  })
}

test('S0-23 S2-015 unambiguous requests pass byte for byte', async t => {
  const { ask, target } = await openDoor(t)
  for (const path of [
    '/a%2Fb', '/p%20q/x%2Fy;v=1', '//a//b', '/%E2%98%83/@:$&+,=', '/?', '/q?a=b&c&&=&%zz=1&x=/../y', '/users/1%2F2?a=1'
  ]) {
    assert.equal((await ask(get(path))).status, 200, path)
    assert.equal(target.hits.at(-1)!.url, path)
  }
})

test('an absolute target overrides Host and opens no way to elsewhere', async t => {
  const { ask, target } = await openDoor(t)
  assert.equal((await ask(get('http://other.example/x?y', 'Host: a.example\r\n'))).status, 200)
  const hit = target.hits[0]!
  assert.deepEqual([hit.url, hit.headers['x-forwarded-host']], ['/x?y', 'other.example'])
})

test('behind an expectation that is not known nothing more is read as a request', async t => {
  const { ask, target } = await openDoor(t)
  const answer = await ask(`GET / HTTP/1.1\r\nHost: a\r\nExpect: teapot\r\n\r\n${get('/second')}`)
  assert.equal(answer.status, 417)
  assert.deepEqual(answer.headers['connection'], ['close'])
  assert.equal(target.hits.length, 0)
})

test('HTTP/1.0 needs no Host', async t => {
  const { ask } = await openDoor(t)
  assert.equal((await ask('GET / HTTP/1.0\r\n\r\n')).status, 200)
})

test('another spelling of a guarded path is still guarded', async t => {
  const { ask, target } = await openDoor(t)
  assert.equal((await ask(get('/%67uarded/x'))).status, 403)
  assert.equal(target.hits.length, 0)
})

test('what stands behind an oddly framed request is not served', async t => {
  const { ask, target } = await openDoor(t)
  const answer = await ask(
    `${get('/one').replace('Connection: close\r\n', '')}${post('Transfer-Encoding: gzip, chunked\r\n')}${get('/two')}`
  )
  assert.equal(answer.status, 200, 'what stands before it is')
  assert.match(answer.text, /HTTP\/1\.1 400[^]*bad-request/)
  assert.deepEqual(target.hits.map(({ url }) => url), ['/one'])
})

test('every case of chunked, with or without a space before it, is chunked', async t => {
  const { ask, target } = await openDoor(t)
  for (const value of ['chunked', 'Chunked', ' CHUNKED']) {
    assert.equal((await ask(post(`Transfer-Encoding:${value}\r\nConnection: close\r\n`))).status, 200, value)
  }
  assert.deepEqual(target.hits.map(({ headers, body }) => [headers['transfer-encoding'], body.toString()]), Array(3).fill(['chunked', 'a']))
})

test('fields named like members of every object are fields', async t => {
  const { ask, target } = await openDoor(t)
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then']
  assert.equal((await ask(get('/', `Host: a\r\n__proto__: x\r\n${names.map(name => `${name}: x\r\n`).join('')}`))).status, 200)
  const { rawHeaders } = target.hits[0]!
  assert.deepEqual(names.filter(name => !rawHeaders.includes(name)), [])
  assert.ok(!rawHeaders.includes('__proto__'), 'a name with _')
})
