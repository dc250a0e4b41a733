/** The operator's own pages in the place of problem documents. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { freePort, startTarget } from '../helpers/target.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

/** Everything at once: a code, a status and a class; pages of one form and of both. */
const yaml = (rest: string): string => `
errorPages:
  - { for: [5xx], html: "\${file:./5xx.html}", json: { failed: { status: "\${error.status}", code: "\${error.code}",
      why: "\${error.detail}", id: "\${request.id}" } } }
  - { for: [502], html: "<h1>\${error.status}</h1>", headers: { content-security-policy: "default-src 'none'" } }
  - { for: [missing-token, 404], html: "<h1>\${error.title}</h1>" }
  - { for: [4xx], json: { code: "\${error.code}" } }
  - { for: [401], html: "any 401" }
policies:
  login: { plugin: jwt-auth, secret: a-secret-for-tests-with-enough-bytes-in-it, algorithms: [HS256] }
  limit: { plugin: rate-limiting, limit: 1/h }
${rest}`
const files = { '5xx.html': '<!doctype html>\n<title>${error.title}</title><p>${request.id}: ${error.code} <script>`${own}`</script>\n' }

test('a browser gets HTML, programs get JSON, and both the fields that say what went wrong', async t => {
  const { url } = await startGateway(t, yaml(`
upstreams: { dead: { targets: ["http://127.0.0.1:${await freePort()}"] } }
routes:
  - { path: /dead, upstream: dead }
  - { path: /mine, respond: {}, policies: [login] }
  - { path: /few, respond: {}, policies: [limit] }`), { files })
  const ask = async (path: string, accept?: string) => {
    const answer = await fetch(url + path, { headers: { 'x-request-id': 'r-1', ...(accept === undefined ? {} : { accept }) } })
    return { status: answer.status, type: answer.headers.get('content-type'), headers: answer.headers, text: await answer.text() }
  }

  // A status counts before its class; the page has no JSON of its own.
  const dead = await ask('/dead', browser)
  assert.deepEqual([dead.status, dead.type, dead.text], [502, 'text/html; charset=utf-8', '<h1>502</h1>'])
  assert.deepEqual(
    ['content-security-policy', 'proxy-status', 'x-request-id', 'cache-control'].map(name => dead.headers.get(name)),
    ["default-src 'none'", 'onedoor; error=connection_refused', 'r-1', 'no-store']
  )
  for (const accept of [undefined, '*/*', 'application/json', 'application/problem+json', 'image/png']) {
    const { type, text } = await ask('/dead', accept)
    assert.equal(type, 'application/problem+json', accept)
    assert.equal((JSON.parse(text) as { code: string }).code, 'connection-refused')
  }

  // Whichever JSON a client wants more than HTML, it does not get HTML.
  for (const accept of ['text/html;q=0.8, application/json', 'text/html;q=0.8, application/problem+json']) {
    assert.equal((await ask('/dead', accept)).type, 'application/problem+json', accept)
  }

  // A code counts before a status and a class, and what the policy says of the refusal stays.
  const mine = await ask('/mine', browser)
  assert.deepEqual(
    [mine.status, mine.text, mine.headers.get('www-authenticate')],
    [401, '<h1>missing token</h1>', 'Bearer realm="onedoor"']
  )
  assert.equal((await ask('/nowhere', browser)).text, '<h1>not found</h1>')
  assert.equal((await ask('/nowhere')).type, 'application/problem+json')

  await ask('/few')
  for (const accept of [undefined, browser, 'application/json, application/problem+json']) {
    const { status, type, text, headers } = await ask('/few', accept)
    assert.deepEqual([status, type, text], [429, 'application/json', '{"code":"rate-limited"}'])
    assert.ok(Number(headers.get('retry-after')) > 0)
  }
  assert.equal((await ask('/few', 'application/problem+json')).type, 'application/problem+json')
  assert.equal((await ask('/few', 'application/problem+json, */*')).type, 'application/problem+json')
})

test('errors of the service itself pass as they are, and HEAD has no body', async t => {
  const target = await startTarget(
    t,
    (request, response) => { response.writeHead(request.url === '/404' ? 404 : 503, { 'content-type': 'text/plain' }).end('theirs') }
  )
  const { url } = await startGateway(
    t,
    yaml(`routes: [{ path: /*, target: "${target.url}" }, { path: /gone, target: "http://127.0.0.1:${await freePort()}" }]`),
    { files }
  )
  for (const path of ['/404', '/503']) assert.equal(await (await fetch(url + path, { headers: { accept: browser } })).text(), 'theirs')
  const { status, headers, body } = await exchangeBytes(
    t,
    url,
    `HEAD /gone HTTP/1.1\r\nHost: a\r\nAccept: ${browser}\r\nConnection: close\r\n\r\n`
  )
  assert.deepEqual([status, headers['content-type'], body.length], [502, ['text/html; charset=utf-8'], 0])
})

test('the id of the request cannot break out of a page, whatever its client sent', async t => {
  const { url } = await startGateway(
    t,
    'errorPages: [{ for: [4xx], html: "<p title=\'${request.id}\'>" }]\nroutes: [{ path: /, respond: {} }]'
  )
  const text = await (await fetch(`${url}/nowhere`, { headers: { accept: browser, 'x-request-id': "a'b<c" } })).text()
  assert.match(text, /^<p title='[^'<>]*'>$/)
})

test('a page in a file is read again when it is saved, and one that cannot be used keeps the last', async t => {
  const boom = yaml('routes: [{ path: /*, respond: {}, policies: [boom] }]')
    .replace('policies:\n', 'policies:\n  boom: { plugin: ./boom.mjs }\n')
  const { url, folder, logged, gateway } = await startGateway(t, boom, {
    files: {
      ...files,
      'boom.mjs': "export default async function (app) { app.addHook('onRequest', async () => { throw new Error('inside') }) }"
    },
    watch: true
  })
  const page = async (): Promise<string> => await (await fetch(url, { headers: { accept: browser, 'x-request-id': 'r-2' } })).text()
  assert.equal(await page(), '<!doctype html>\n<title>plugin error</title><p>r-2: plugin-error <script>`${own}`</script>')
  writeFileSync(join(folder, '5xx.html'), 'sorry, ${error.code}')
  await logged(({ msg }) => msg === 'configuration reloaded')
  assert.equal(await page(), 'sorry, plugin-error')
  writeFileSync(join(folder, '5xx.html'), '${error.cod}')
  // What stands in a file may be a secret, so it is not repeated.
  const { problems } = await logged(({ msg }) => msg === 'invalid configuration, keeping the old one') as { problems: readonly string[] }
  assert.match(problems.join(), /gateway\.yaml:\d+:\d+ {2}\[redacted\] is unknown: expected error\.code/)
  writeFileSync(join(folder, '5xx.html'), 'x'.repeat(65_537))
  const verdict = await gateway.reload('test')
  assert.match(verdict.problems.join(), /5xx\.html.* larger than 64 KiB/)
  assert.equal(await page(), 'sorry, plugin-error')
})

test('explain says which page an error has', async t => {
  const { gateway } = await startGateway(t, yaml('routes: [{ path: /mine, respond: {}, policies: [login, limit] }]'), { files })
  const { outcome, decisions } = await gateway.explain({ method: 'GET', url: '/mine', headers: { accept: browser } })
  assert.deepEqual([outcome.status, outcome.code], [401, 'missing-token'])
  assert.deepEqual(decisions.at(-1), { by: 'error-handling', verdict: 'page', why: 'html of errorPages[2]' })
})

test('what makes no sense is a problem with its place', async t => {
  const { gateway, write } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  const mistakes: readonly [page: string, problem: RegExp][] = [
    ['{ for: [404] }', /:4:4 {2}a page needs html, json or both/],
    ['{ for: [], html: x }', /needs at least one item/],
    ['{ for: [200], html: x }', /expected (?:a whole number|4xx, 5xx, a status) from 400 to 599/],
    ['{ for: [3xx], html: x }', /expected 4xx, 5xx, a status/],
    ['{ for: [404, 404], html: x }', /404 has a page already/],
    ['{ for: [404], html: "${error.x}" }', /\$\{error\.x\} is unknown/],
    ['{ for: [404], json: { a: [{ b: "${request.ip}" }] } }', /:4:\d+ {2}\$\{request\.ip\} is unknown/],
    ['{ for: [404], html: x, headers: { Retry-After: "1" } }', /Retry-After is what the gateway says about the error, and stays/],
    ['{ for: [404], html: x, headers: { "a b": "1" } }', /cannot be the name of a header field/],
    ['{ for: [404], html: x, headers: { a: "x\\ny" } }', /cannot be the value of a header field/],
    ['{ for: [404], json: text }', /expected/]
  ]
  for (const [page, problem] of mistakes) {
    write(`errorPages:\n - ${page}\nroutes: [{ path: /, respond: {} }]`)
    const { ok, problems } = await gateway.reload('test')
    assert.equal(ok, false, page)
    assert.match(problems.join('\n'), problem)
  }
  write('errorPages: [{ for: [rate-limitd], html: x }]\nroutes: [{ path: /, respond: {} }]')
  assert.deepEqual((await gateway.reload('test')).problems, [])
  assert.match(gateway.warnings.join(), /rate-limitd is no code of the gateway .*did you mean "rate-limited"/)
})
