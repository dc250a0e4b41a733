/** Which pages may use the admin listener: those that came from it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileGuard } from '../../plugins/admin/guard.ts'
import type { Config } from '../../src/config/types.ts'

const guardOf = (options: Partial<Config['admin']> = {}) => compileGuard({ enabled: true, host: '127.0.0.1', port: 9901, allowedHosts: ['admin.example'], ...options })
const asks = [['GET', '/explain?url=/'], ['GET', '/livez'], ['GET', '/metrics'], ['POST', '/reload'], ['POST', '/upstreams/a/drain'], ['PUT', '/log-level?level=silent'], ['OPTIONS', '/log-level']] as const

const own: readonly (readonly [host: string, origin: string])[] = [
  ['127.0.0.1:9901', 'http://127.0.0.1:9901'], ['localhost:9901', 'http://localhost:9901'], ['LOCALHOST:9901', 'http://localhost:9901'], ['[::1]:9901', 'http://[::1]:9901'], ['localhost', 'http://localhost'], ['localhost:80', 'http://localhost'],
  ['admin.example', 'https://admin.example'], ['admin.example:443', 'https://admin.example'], ['admin.example', 'http://admin.example'], ['admin.example:8443', 'https://admin.example:8443']
]

const foreign: readonly (readonly [host: string, origin: string])[] = [
  ['127.0.0.1:9901', 'http://127.0.0.1:5173'], ['localhost:9901', 'http://localhost:3000'], ['[::1]:9901', 'http://[::1]:1'], ['localhost:9901', 'https://localhost'], ['localhost:9901', 'https://localhost:9901'], ['localhost:9901', 'http://localhost'], ['localhost:9901', 'http://127.0.0.1:9901'],
  ['127.0.0.1:9901', 'http://localhost:9901'], ['127.0.0.1:9901', 'null'], ['127.0.0.1:9901', ''], ['127.0.0.1:9901', 'file://'], ['127.0.0.1:9901', 'http://127.0.0.1:9901/'], ['127.0.0.1:9901', 'http://127.0.0.1:9901.evil.example'], ['127.0.0.1:9901', 'http://a@127.0.0.1:9901'],
  ['admin.example', 'http://admin.example:3000'], ['admin.example', 'https://app.admin.example'], ['evil.example', 'http://evil.example'], ['evil.example:9901', 'http://evil.example:9901']
]

test('a page of the listener may use it, also where TLS is put in front of an allowed host', () => {
  const guard = guardOf()
  for (const [method, path] of asks) {
    for (const [host, origin] of own) assert.equal(guard({ method, path, headers: { host, origin, 'sec-fetch-site': 'same-origin' } }), undefined, `${method} ${path} ${host} ${origin}`)
  }
})

test('a page of another scheme, host or port may not, whatever it asks for', () => {
  // Behind a token the same holds: it may be in the page's hands by other ways.
  for (const guard of [guardOf(), guardOf({ token: 'a-token-of-enough-bytes' }), guardOf({ host: '0.0.0.0' })]) {
    for (const [method, path] of asks) {
      for (const [host, origin] of foreign) assert.equal(guard({ method, path, headers: { host, origin, authorization: 'Bearer a-token-of-enough-bytes' } }), 'forbidden', `${method} ${path} ${host} ${origin}`)
    }
  }
})

test('what a browser says is for another site is refused for reads too, without an Origin', () => {
  const guard = guardOf()
  for (const [method, path] of asks) {
    for (const site of ['cross-site', 'same-site', 'something new']) assert.equal(guard({ method, path, headers: { host: 'localhost:9901', 'sec-fetch-site': site } }), 'forbidden', `${method} ${path} ${site}`)
    for (const headers of [{ 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }, {}]) assert.equal(guard({ method, path, headers: { host: 'localhost:9901', ...headers } }), undefined)
  }
})
