/** What a request target must look like to be routed and forwarded. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { readRequestTarget } from '../../src/http/request-target.ts'

const read = (target: string, method = 'GET') => readRequestTarget(method, target, 2048)

test('an ordinary target is split into path and query and keeps its bytes', () => {
  const kept = [
    '/', '/users', '/users/42?', '/users/42?a=b&a=c&&=&%zz=1&x=/../y&p=a+b%20c&u=http://x/?z', '//admin', '/a//b/',
    '/a%2Fb%20c;v=1/%E2%98%83/@:$&+,=',
    '/a{b}^|"<>`', '/%61dmin', '/a%23b%3Fc', '/100%25', '/.well-known/x', '/a.b/..c/...', '/foo../bar', '/....//',
    '/%F0%9F%98%80', '/x?a=\\..\\b', '/x?%0a%00', '/%2525'
  ]
  for (const target of kept) {
    const result = read(target)
    assert.ok(typeof result === 'object', `${target}: ${JSON.stringify(result)}`)
    assert.equal(result.path + result.query, target)
    assert.equal(result.path.includes('?'), false)
    assert.equal(result.authority, undefined)
  }
})

test('a target that gateway and service could read differently is refused, and says why', () => {
  const refused: Readonly<Record<string, readonly string[]>> = {
    'dot-segment': [
      '/.', '/..', '/./admin', '/../admin', '/a/..', '/a/.', '/a/../b?x', '/..?x', '/%2e/admin', '/%2E%2e/admin', '/.%2e/admin',
      '/%2e./admin', '/admin/..;/x', '/public/..;x=1/admin', '/public/.;/admin', '/public/..%3Bx/admin', '/public/..%2fadmin',
      '/public%2f..%2Fadmin', '/svc/..%2f..%2f', '/a%2f.',
      '/public/%252e%252e/admin', '/public/..%252fadmin', '/public/%25252e./admin', '/public/..%255cadmin', '/public/..%253bx/admin'
    ],
    'backslash': ['/public/\\..\\..\\secret/x', '/a\\b', '/a%5cb', '/a%5Cb'],
    'control-bytes': ['/a\0b', '/a\nb', '/a b', '/a\x7fb', '/a%00b', '/a%0ab', '/a%0D', '/a%09', '/a%1f', '/a%7f', '/x?a\r\nb',
      '/x?a b', '/x?\x7f'],
    'fragment': ['/a#b', '/#', '/a?b#c'],
    'non-ascii': ['/caf\xe9', '/x?\xff', '/\u2215etc'],
    'bad-escape': ['/%', '/%2', '/%zz', '/a%g0', '/%u002e', '/%c0%ae%c0%ae/admin', '/%c0%af', '/%e0%80%af', '/%f0%80%80%af',
      '/%ed%a0%80', '/%f4%90%80%80', '/%ff', '/%80', '/%e2%98', '/%e2%98x', '/%c3/%a9'],
    'not-a-path': ['', '*', 'admin', '?x', 'example.com:443', 'ftp://a/b', 'file:///etc/passwd', 'http:/a', 'javascript:alert(1)', '\\\\a'],
    'bad-authority': ['http://', 'http:///x', 'http://user@a/x', 'http://a@b@c/', 'http://a:b/', 'http://a:99999/', 'http://a b/',
      'http://a,b/', 'http://[::1/', 'http://a\\b/', 'https://?x']
  }
  for (const [reason, targets] of Object.entries(refused)) {
    for (const target of targets) assert.equal(read(target), reason, JSON.stringify(target))
  }
})

test('a target of the allowed length is read and one byte more is refused as too long', () => {
  assert.equal(typeof readRequestTarget('GET', '/123', 4), 'object')
  assert.equal(readRequestTarget('GET', '/1234', 4), 'too-long')
})

test('an absolute-form target gives its authority and the rest as path', () => {
  const cases: ReadonlyArray<readonly [string, string, string, string]> = [
    ['http://a.example/abs?x=1', '/abs', '?x=1', 'a.example'],
    ['HTTPS://A.example:8443//x', '//x', '', 'A.example:8443'],
    ['http://a.example', '/', '', 'a.example'],
    ['http://a.example?x=/..', '/', '?x=/..', 'a.example'],
    ['http://[::1]:80/x', '/x', '', '[::1]:80']
  ]
  for (const [target, path, query, authority] of cases) assert.deepEqual(read(target), { path, query, authority })
  assert.equal(read('http://a.example/../x'), 'dot-segment')
  assert.equal(read('http://a.example#x'), 'fragment')
})

test('the asterisk and the authority form are only for the methods that have them, and CONNECT is never a path', () => {
  assert.deepEqual(read('*', 'OPTIONS'), { path: '*', query: '', authority: undefined })
  assert.deepEqual(read('http://a.example', 'OPTIONS'), { path: '*', query: '', authority: 'a.example' })
  assert.equal(read('**', 'OPTIONS'), 'not-a-path')
  assert.equal(read('example.com:443', 'CONNECT'), 'not-a-path')
  assert.equal(read('/x', 'CONNECT'), 'not-a-path')
})

/** Text that is likely to be near the edge of what is allowed. */
const targetish = fc.array(fc.constantFrom('/', '.', '..', '%', '%2', '%2e', '%2F', '%5c', '\\', ';', '?', '#', 'a', '%25', '%c0',
  '%ae', '%e2%98%83', '\0', ' ', '\xe9', '//', 'http://', '@', ':', '*'), { maxLength: 12 }).map(parts => parts.join(''))

test('whatever comes, reading gives the very bytes or a refusal', () => {
  fc.assert(fc.property(fc.oneof(targetish, targetish.map(text => `/${text}`), fc.string({ unit: 'binary' })), target => {
    const result = read(target)
    if (typeof result === 'string' || result.authority !== undefined) return
    assert.equal(result.path + result.query, target)
  }))
})

test('a path that is let through means the same to a URL parser and to a service that decodes it', () => {
  const origin = 'http://origin.example'
  fc.assert(fc.property(targetish.map(text => `/x/${text}`), target => {
    const result = read(target)
    if (typeof result === 'string') return
    assert.equal(decodeURIComponent(new URL(origin + result.path).pathname), decodeURIComponent(result.path))
    const segments = decodeURIComponent(result.path).split(/[/\\]/)
    assert.equal(segments.includes('..') || segments.includes('.'), false)
  }), { numRuns: 1000 })
})
