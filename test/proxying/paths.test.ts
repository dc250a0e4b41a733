/**
 * The path and the query reach the target byte for byte, or as the route rewrites them; what two readers
 * would read differently is refused.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripPrefixProblem } from '../../plugins/core/proxying/strip-prefix-problem.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { checkFile } from './check-file.ts'

const unchanged = [
  '/', '/a/b/', '/a%20b', '/users/1%2F2?a=1', '/%41', '/caf%C3%A9', '/a+b', '/a,b;v=1', '/~a_b-c.d', "/a!$&'()*=@:", '/a...b', '/foo../bar',
  '/?', '/?a', '/?a=1&a=2&&b', '/?x=%2F%2f%00%zz', '/?a?b/c:d@e', '/?q={}|^`', "/?x='", '//a//b', '/a%3Fadmin=1',
  '/%E2%82%AC', '/%7Euser', '/a%5Bb', '/[a]'
]

test('path and query pass byte for byte', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  for (const path of unchanged) {
    const answer = await exchangeBytes(t, gateway.url, `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    assert.equal(answer.status, 200, `${path}: ${answer.text}`)
  }
  assert.deepEqual(target.hits.map(({ url }) => url), unchanged)
})

test('an absolute target is forwarded as its path', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  await exchangeBytes(t, gateway.url, 'GET http://shop.example/a%2Fb?c HTTP/1.1\r\nhost: other\r\nconnection: close\r\n\r\n')
  assert.deepEqual([target.hits[0]!.url, target.hits[0]!.headers['x-forwarded-host']], ['/a%2Fb?c', 'shop.example'])
})

const rewrites: ReadonlyArray<readonly [route: string, base: string, asked: string, forwarded: string]> = [
  ["path: '/api/*', stripPrefix: /api", '', '/api/x%2Fy?q=%20', '/x%2Fy?q=%20'],
  ["path: '/api/*', stripPrefix: /api", '', '/api', '/'],
  ["path: '/api/*', stripPrefix: /api", '', '/api/', '/'],
  ["path: '/api/*', stripPrefix: /api", '', '/api?x', '/?x'],
  ["path: '/api/*', stripPrefix: /api", '/base', '/api/x', '/base/x'],
  ["path: '/api/*', stripPrefix: /api", '/base/', '/api', '/base/'],
  ["path: '/*'", '/base', '/x%2Fy?z', '/base/x%2Fy?z'],
  ["path: '/users/:id', rewrite: '/v2/u/${params.id}'", '', '/users/a%20b%2Fc?d', '/v2/u/a%20b%2Fc?d'],
  ["path: '/users/:id', rewrite: '/v2/u/${params.id}/x'", '/base', '/users/1', '/base/v2/u/1/x'],
  ["path: '/files/*', rewrite: '/store/${params.*}'", '', '/files/a/b%20c', '/store/a/b%20c'],
  ["path: '/old', rewrite: '/new'", '', '/old?keep=1', '/new?keep=1']
]

for (const [route, base, asked, forwarded] of rewrites) {
  test(`{ ${route} } before "${base}" turns ${asked} into ${forwarded}`, async t => {
    const target = await startTarget(t)
    const gateway = await startGateway(t, `routes: [{ ${route}, target: '${target.url}${base}' }]`)
    const answer = await exchangeBytes(t, gateway.url, `GET ${asked} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    assert.equal(answer.status, 200, answer.text)
    assert.equal(target.hits[0]!.url, forwarded)
  })
}

test('a rewrite with a parameter in the notation of the path is a problem of the file, with its place', async t => {
  const [problem] = await checkFile(t, "routes: [{ path: '/users/:id', target: http://127.0.0.1:1, rewrite: /u/:id }]", {}, () => {})
  assert.equal(problem!.message, 'a parameter is written ${params.name} in "/u/:id": did you mean "/u/${params.id}"?')
  assert.deepEqual([problem!.severity, problem!.pointer, problem!.position!.column], ['error', '/routes/0/rewrite', 69])
})

const refused = [
  '/public/../admin', '/public/%2e%2e/admin', '/public/..%2fadmin', '/public/.%2e/admin', '/./admin',
  '/public\\..\\admin', '/public/%5c..%5cadmin', '/a%00b', '/a%0Ab', '/%c0%ae%c0%ae/admin', '/a%zz', '/a%2', '/a#b',
  '/public/..;/admin', '/%252e%252e/admin', '/caf\xe9'
]

test('a path that could mean another one is a 400 and reaches no target', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  for (const path of refused) {
    const answer = await exchangeBytes(
      t,
      gateway.url,
      Buffer.from(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, 'latin1')
    )
    assert.equal(answer.status, 400, `${path}: ${answer.text}`)
  }
  assert.equal(target.hits.length, 0)
})

test('a path that a target could take for one of another route is a 400 ambiguous-path', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }, { path: '/admin/*', respond: { status: 403 } }]`)
  for (const path of ['//admin/x', '/admin%2Fx', '/admin;a/x', '/x/..%2Fadmin/y']) {
    const answer = await exchangeBytes(t, gateway.url, `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    assert.equal(answer.status, 400, `${path}: ${answer.text}`)
  }
  assert.equal(target.hits.length, 0)
})

test('OPTIONS * gets a response and every method of a route is passed on as it is', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  assert.ok((await exchangeBytes(t, gateway.url, 'OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).status < 300)
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
    assert.equal((await exchangeBytes(t, gateway.url, `${method} /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)).status, 200, method)
    assert.equal(target.hits.at(-1)!.method, method)
  }
})

const stripped: readonly (readonly [path: string, prefix: string, problem: RegExp | undefined])[] = [
  ['/api/*', '/api', undefined],
  ['/api/*', '/api/', undefined],
  ['/api', '/api', undefined],
  ['/*', '/api/v1', undefined],
  ['/api/*', '/api/v1', undefined],
  ['/:tenant/*', '/acme', undefined],
  ['/caf%C3%A9/*', '/café', undefined],
  ['/a::b/*', '/a:b', undefined],
  ['/api/*', '/apii', /no path of this route begins with "\/apii"/],
  ['/api/v1/:id', '/api/v2', /no path of this route begins with/],
  ['/api', '/api/v1', /no path of this route begins with/],
  ['/users/:id/*', '/users/:id', /takes no parameters, and ":id" would be taken literally/],
  ['/api/*', '/api/*', /takes no parameters, and "\*" would be taken literally/]
]

test('a prefix that no path of the route begins with is refused', () => {
  for (const [path, prefix, problem] of stripped) {
    const found = stripPrefixProblem(prefix, path)
    if (problem === undefined) assert.equal(found, undefined, `${path} ${prefix}`)
    else assert.match(found ?? '', problem)
  }
})

test('such a prefix has its place in the file', async t => {
  const [problem] = await checkFile(t, 'routes:\n  - { path: /api/*, target: http://127.0.0.1:1, stripPrefix: /apii }\n', {}, () => {})
  assert.deepEqual([problem!.pointer, problem!.position!.line], ['/routes/0/stripPrefix', 2])
})
