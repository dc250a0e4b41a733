/** Which pages may use the admin listener: those that came from it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AdminRequest, compileGuard } from '../../plugins/core/admin/guard.ts'
import { Sessions } from '../../plugins/core/admin/sessions.ts'
import type { Config } from '../../src/config/types.ts'

/** Returns the code of the refusal, or undefined. */
function guardOf (options: Partial<Config['admin']> = {}) {
  const admin = { enabled: true, host: '127.0.0.1', port: 9901, allowedHosts: ['admin.example'], debug: false, ...options }
  const guard = compileGuard(admin, new Sessions(), { wall: () => 0 })
  return (request: AdminRequest) => guard(request).rejection?.code
}
const asks = [
  ['GET', '/explain?url=/'], ['GET', '/livez'], ['GET', '/metrics'], ['POST', '/reload'],
  ['POST', '/upstreams/a/drain'], ['PUT', '/log-level?level=silent'], ['OPTIONS', '/log-level']
] as const

const own: readonly (readonly [host: string, origin: string])[] = [
  ['127.0.0.1:9901', 'http://127.0.0.1:9901'], ['localhost:9901', 'http://localhost:9901'],
  ['LOCALHOST:9901', 'http://localhost:9901'], ['[::1]:9901', 'http://[::1]:9901'], ['localhost', 'http://localhost'],
  ['localhost:80', 'http://localhost'],
  ['admin.example', 'https://admin.example'], ['admin.example:443', 'https://admin.example'], ['admin.example', 'http://admin.example'], [
    'admin.example:8443',
    'https://admin.example:8443'
  ]
]

const foreign: readonly (readonly [host: string, origin: string])[] = [
  ['127.0.0.1:9901', 'http://127.0.0.1:5173'], ['localhost:9901', 'http://localhost:3000'],
  ['[::1]:9901', 'http://[::1]:1'], ['localhost:9901', 'https://localhost'], ['localhost:9901', 'https://localhost:9901'],
  ['localhost:9901', 'http://localhost'], ['localhost:9901', 'http://127.0.0.1:9901'],
  ['127.0.0.1:9901', 'http://localhost:9901'], ['127.0.0.1:9901', 'null'], ['127.0.0.1:9901', ''], ['127.0.0.1:9901', 'file://'], [
    '127.0.0.1:9901',
    'http://127.0.0.1:9901/'
  ], ['127.0.0.1:9901', 'http://127.0.0.1:9901.evil.example'], ['127.0.0.1:9901', 'http://a@127.0.0.1:9901'],
  ['admin.example', 'http://admin.example:3000'], ['admin.example', 'https://app.admin.example'], ['evil.example', 'http://evil.example'], [
    'evil.example:9901',
    'http://evil.example:9901'
  ]
]

test('a page of the listener may use it, also where TLS is put in front of an allowed host', () => {
  const guard = guardOf()
  for (const [method, path] of asks) {
    for (const [host, origin] of own) {
      assert.equal(
        guard({ method, path, headers: { host, origin, 'sec-fetch-site': 'same-origin' } }),
        undefined,
        `${method} ${path} ${host} ${origin}`
      )
    }
  }
})

test('a page of another scheme, host or port may not, whatever it asks for', () => {
  // Behind a token the same holds: it may be in the page's hands by other ways.
  for (const guard of [guardOf(), guardOf({ token: 'a-token-of-enough-bytes' }), guardOf({ host: '0.0.0.0' })]) {
    for (const [method, path] of asks) {
      for (const [host, origin] of foreign) {
        assert.equal(
          guard({ method, path, headers: { host, origin, authorization: 'Bearer a-token-of-enough-bytes' } }),
          'forbidden',
          `${method} ${path} ${host} ${origin}`
        )
      }
    }
  }
})

test('what a browser says is for another site is refused for reads too, without an Origin', () => {
  const guard = guardOf()
  for (const [method, path] of asks) {
    for (const site of ['cross-site', 'same-site', 'something new']) {
      assert.equal(
        guard({ method, path, headers: { host: 'localhost:9901', 'sec-fetch-site': site } }),
        'forbidden',
        `${method} ${path} ${site}`
      )
    }
    for (const headers of [{ 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }, {}]) {
      assert.equal(guard({ method, path, headers: { host: 'localhost:9901', ...headers } }), undefined)
    }
  }
})

test('a link on any page may lead to a page that is made for it, and to nothing else, in no frame and by no form', () => {
  const guard = guardOf({ token: 'a-token-of-enough-bytes' })
  const link = { 'host': 'localhost:9901', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const page = { method: 'GET', path: '/', withoutToken: true, linked: true }
  assert.equal(guard({ ...page, headers: link }), undefined)
  assert.equal(guard({ ...page, linked: false, headers: link }), 'forbidden')
  assert.equal(guard({ ...page, method: 'POST', headers: link }), 'forbidden')
  for (const other of [
    { 'sec-fetch-dest': 'iframe' }, { 'sec-fetch-mode': 'no-cors' }, { host: 'evil.example' }, { origin: 'https://evil.example' }
  ]) assert.equal(guard({ ...page, headers: { ...link, ...other } }), 'forbidden', JSON.stringify(other))
})

test('on loopback the listener responds to the names of loopback, its own address and those of allowedHosts, in any case', () => {
  for (const [host, asked] of [
    ['127.0.0.1', '127.0.0.1:9901'], ['127.0.0.1', 'localhost'], ['127.0.0.1', '[::1]:9901'],
    ['127.0.0.2', '127.0.0.2:9901'], ['127.0.0.2', 'localhost:9901'], ['localhost', 'LOCALHOST:9901'], ['::1', '[::1]:9901']
  ] as const) assert.equal(guardOf({ host })({ method: 'GET', path: '/config', headers: { host: asked } }), undefined, `${host} ${asked}`)
  const guard = guardOf({ allowedHosts: ['Admin.Example'] })
  for (const host of ['admin.example', 'ADMIN.EXAMPLE:9901']) {
    assert.equal(guard({ method: 'GET', path: '/config', headers: { host } }), undefined)
  }
  for (const host of ['evil.example', '127.0.0.2', '127.0.0.1.evil.example', undefined]) {
    for (const bound of ['127.0.0.1', 'localhost', '::1']) {
      assert.equal(guardOf({ host: bound })({ method: 'GET', path: '/livez', headers: { host } }), 'forbidden', `${bound} ${host}`)
    }
  }
})

test('elsewhere than on loopback it is asked for by any name, and an empty token is none', () => {
  for (const token of [undefined, '']) {
    assert.equal(
      guardOf({ host: '10.0.0.7', token: token! })({ method: 'GET', path: '/config', headers: { host: 'gateway.internal:9901' } }),
      undefined
    )
  }
})

test('only the whole token will do, after Bearer in any case', () => {
  const guard = guardOf({ token: 'a-token-of-enough-bytes' })
  const code = (authorization: string | undefined) => guard({
    method: 'GET',
    path: '/config',
    headers: { host: 'localhost', authorization }
  })
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) assert.equal(code(`${scheme} a-token-of-enough-bytes`), undefined)
  for (const wrong of ['a', 'a-token-of-enough-byte', 'a-token-of-enough-bytes-', 'A-TOKEN-OF-ENOUGH-BYTES', '']) {
    assert.equal(code(`Bearer ${wrong}`), 'invalid-token', wrong)
  }
  for (const none of [undefined, '', 'Bearer', 'Basic a-token-of-enough-bytes', 'a-token-of-enough-bytes']) {
    assert.equal(code(none), 'missing-token', String(none))
  }
})
