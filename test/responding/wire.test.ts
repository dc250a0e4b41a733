/** Responses of the gateway itself, as a client sees them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'

test('a fixed response has the type of its body, the status and fields of the file, and a 200 without any', async t => {
  const { url } = await startGateway(t, `
routes:
  - { path: /json, respond: { json: { a: [1] } } }
  - { path: /text, respond: { text: hello, status: 503, headers: { retry-after: "5" } } }
  - { path: /html, respond: { text: "<p>", headers: { content-type: text/html } } }
  - { path: /null, respond: { json: null } }
  - { path: /none, respond: {} }
`)
  const answer = async (path: string): Promise<unknown[]> => {
    const { status, headers, text } = await send(url, path)
    return [status, headers['content-type'], headers['retry-after'], text]
  }
  assert.deepEqual(await answer('/json'), [200, 'application/json; charset=utf-8', undefined, '{"a":[1]}'])
  assert.deepEqual(await answer('/text'), [503, 'text/plain; charset=utf-8', '5', 'hello'])
  assert.deepEqual(await answer('/html'), [200, 'text/html', undefined, '<p>'])
  assert.deepEqual(await answer('/null'), [200, 'application/json; charset=utf-8', undefined, 'null'])
  assert.deepEqual(await answer('/none'), [200, undefined, undefined, ''])
})

test('a redirect is a 308 by default and keeps the query unless it sets one; a missing parameter is a 404', async t => {
  const { url } = await startGateway(t, `
routes:
  - { path: "/old/:id", redirect: { to: "/new/\${params.id}" } }
  - { path: /found, redirect: { to: "https://a.example", status: 302 } }
  - { path: /own, redirect: { to: "/new?x=1" } }
  - { path: "/up/*", redirect: { to: "/\${params.*}" } }
`)
  const where = async (path: string): Promise<unknown[]> => {
    const { status, headers } = await send(url, path)
    return [status, headers.location]
  }
  assert.deepEqual(await where('/old/7?a=1&b'), [308, '/new/7?a=1&b'])
  assert.deepEqual(await where('/found?q'), [302, 'https://a.example/?q'])
  assert.deepEqual(await where('/own?q=2'), [308, '/new?x=1'])
  assert.deepEqual(await where('/up/a/b'), [308, '/a/b'])
  assert.deepEqual(await where('/up//evil.example'), [404, undefined])
})

test('an impossible response is a problem of the file', async t => {
  for (const [answer, said] of [
    ['respond: { json: {}, text: a }', /a response has either "json" or "text"/],
    ['respond: { headers: { a: "x\\ny" } }', /this cannot be the value of a header field/],
    ['respond: { headers: { "bad name": x } }', /"bad name" is not a header name/],
    ['respond: { headers: { "": x } }', /"" is not a header name/],
    ...[
      'Content-Length', 'transfer-encoding', 'connection', 'trailer', 'Upgrade'
    ].map(name => [`respond: { headers: { ${name}: x }, text: abc }`, new RegExp(`"${name}" belongs to the connection`)] as const),
    ['respond: { status: 199 }', /from 200 to 599, got 199/],
    ['respond: { status: 600 }', /from 200 to 599, got 600/],
    ['redirect: { to: /x, status: 304 }', /expected 301 or 302 or 303 or 307 or 308, got 304/],
    ['redirect: { to: "ftp://a" }', /is neither a path nor an http:\/\/ or https:\/\/ URL/],
    ['redirect: { to: "/${claims.sub}" }', /claims\.sub/],
    ['redirect: { to: "/x/${params.other}" }', /params\.other/],
    ['redirect: { to: "https://a.example/x/:id" }', /did you mean "\/x\/\$\{params\.id\}"\?/]
  ] as const) await assert.rejects(startGateway(t, `routes: [{ path: /:id, ${answer} }]`), said, answer)
})
