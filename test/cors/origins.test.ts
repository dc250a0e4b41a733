import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileOrigins, originProblem } from '../../plugins/cors/origins.ts'

test('an origin is let in only when scheme, host and port are those of the file', () => {
  const allows = compileOrigins(['https://app.example.com', 'http://localhost:3000'])
  assert.equal(allows('https://app.example.com'), true)
  assert.equal(allows('http://localhost:3000'), true)
  for (const origin of ['http://app.example.com', 'https://app.example.com:8443', 'https://APP.example.com', 'https://app.example.com.evil.test', 'https://evil.test/https://app.example.com', 'null', '']) {
    assert.equal(allows(origin), false, origin)
  }
})

test('a wildcard stands for one or more labels and nothing else', () => {
  const allows = compileOrigins(['https://*.example.com'])
  assert.equal(allows('https://a.example.com'), true)
  assert.equal(allows('https://a.b.example.com'), true)
  for (const origin of ['https://example.com', 'https://.example.com', 'http://a.example.com', 'https://evil.test#.example.com', 'https://evil.test/.example.com', 'https://u@evil.test:1.example.com', 'https://evilexample.com']) {
    assert.equal(allows(origin), false, origin)
  }
})

test('what is no origin of a browser is refused in the file, with the right way to write it', () => {
  for (const good of ['*', 'https://a.example', 'http://localhost:3000', 'https://*.a.example', 'http://[::1]:8080']) assert.equal(originProblem(good), undefined, good)
  assert.match(originProblem('https://a.example/')!, /expected "https:\/\/a.example"/)
  assert.match(originProblem('https://A.example:443')!, /expected "https:\/\/a.example"/)
  assert.match(originProblem('null')!, /sandboxed/)
  for (const bad of ['a.example', 'https://', 'https://a.*.example', '*.example']) assert.match(originProblem(bad)!, /not an origin|not how browsers/, bad)
})
