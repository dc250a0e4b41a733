import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileOrigins, originProblem } from '../../src/http/origins.ts'

test('an origin is let in only when scheme, host and port are those of the file', () => {
  const allows = compileOrigins(['https://app.example.com', 'http://localhost:3000'])
  assert.equal(allows('https://app.example.com'), true)
  assert.equal(allows('http://localhost:3000'), true)
  for (const origin of [
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://APP.example.com',
    'https://app.example.com.evil.test',
    'https://evil.test/https://app.example.com',
    'null',
    ''
  ]) {
    assert.equal(allows(origin), false, origin)
  }
})

test('a wildcard stands for one or more labels and nothing else', () => {
  const allows = compileOrigins(['https://*.example.com'])
  assert.equal(allows('https://a.example.com'), true)
  assert.equal(allows('https://a.b.example.com'), true)
  for (const origin of [
    'https://example.com', 'https://.example.com', 'http://a.example.com', 'https://evil.test#.example.com',
    'https://evil.test/.example.com', 'https://u@evil.test:1.example.com', 'https://evilexample.com',
    'http://some.example.com', 'xhttps://some.example.com', 'https://some.example.com.evil.test',
    'https://some.example.com:8443', 'https://evil.test:1.example.com'
  ]) {
    assert.equal(allows(origin), false, origin)
  }
})

test('what is no origin of a browser is refused in the file, with the right way to write it', () => {
  for (const good of ['*', 'https://a.example', 'http://localhost:3000', 'https://*.a.example', 'http://[::1]:8080']) {
    assert.equal(originProblem(good), undefined, good)
  }
  assert.match(originProblem('https://a.example/')!, /expected "https:\/\/a.example"/)
  assert.match(originProblem('https://A.example:443')!, /expected "https:\/\/a.example"/)
  assert.match(originProblem('null')!, /sandboxed/)
  for (const bad of ['a.example', 'https://', 'https://a.*.example', '*.example']) {
    assert.match(originProblem(bad)!, /not an origin|not how browsers/, bad)
  }
})

test('an app has a scheme of its own, which is compared whole as well', () => {
  const origins = [
    'capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app://com.example.app',
    'chrome-extension://abcdefghijklmnop'
  ]
  for (const origin of origins) assert.equal(originProblem(origin), undefined, origin)
  const allows = compileOrigins(origins)
  for (const origin of origins) assert.equal(allows(origin), true, origin)
  for (const origin of [
    'capacitor://localhost:1', 'capacitor://localhost/', 'capacitor://evil', 'http://localhost',
    'Capacitor://localhost', 'xcapacitor://localhost', 'app://com.example.app.evil', 'app://', 'null'
  ]) assert.equal(allows(origin), false, origin)
  for (const bad of [
    'capacitor://localhost/', 'Capacitor://localhost', 'capacitor://', 'capacitor:localhost', 'capacitor://*',
    'app://*.example', 'file://x', 'data://x', 'app://a b', 'app://u@host', 'app://a..b', 'app://host:*'
  ]) assert.notEqual(originProblem(bad), undefined, bad)
})

test('any port is for the names of one\'s own machine only', () => {
  for (const host of ['http://localhost', 'https://localhost', 'http://127.0.0.1', 'http://[::1]']) {
    assert.equal(originProblem(`${host}:*`), undefined)
    const allows = compileOrigins([`${host}:*`])
    for (const port of ['', ':1', ':3000', ':65535']) assert.equal(allows(host + port), true, host + port)
    for (const rest of [
      ':', ':0', ':03000', ':123456', ':30a', ':3000/', ':3000.evil.example', '.evil.example', '.evil.example:3000',
      ':1@evil.example'
    ]) assert.equal(allows(host + rest), false, host + rest)
  }
  assert.equal(compileOrigins(['http://localhost:*'])('https://localhost:3000'), false)
  for (const bad of [
    'https://app.example.com:*', 'http://*:*', 'http://*.localhost:*', 'http://LOCALHOST:*', 'http://localhost:*/',
    'http://localhost:3*', 'http://0.0.0.0:*', 'http://localhost.evil:*'
  ]) assert.notEqual(originProblem(bad), undefined, bad)
})
