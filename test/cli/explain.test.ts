import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { commandLine } from './captured.ts'

const yaml = `
upstreams: { users: { targets: ["http://127.0.0.1:9001/base"] } }
policies:
  login: { plugin: jwt-auth, secret: onedoor-development-secret-for-tests, scopes: [read] }
  once: { plugin: rate-limiting, limit: 1/m, burst: 1 }
routes:
  - { path: /users/:id, methods: [GET], upstream: users, policies: [login, once] }
  - { path: /users/*, methods: [POST], upstream: users }
  - { path: /hello, host: a.example, respond: {} }
`
const files = { 'gateway.yaml': yaml }

suite('onedoor explain', () => {
  test('says which route, why the others lost, what each policy decided and what comes of it', async t => {
    const { onedoor } = commandLine(t, { files })
    const { status, stdout } = await onedoor('explain', 'GET', '/users/7')
    assert.equal(status, 0)
    assert.match(stdout, /^route {2}\/users\/:id$/m)
    assert.match(stdout, /^ {2}✓ \/users\/:id {2}/m)
    assert.match(stdout, /^ {2}✗ \/users\/\* +method GET is not POST$/m)
    assert.match(stdout, /^ {2}1 {2}login {2}refused {2}no bearer token$/m)
    assert.match(stdout, /^→ 401 missing-token$/m)
  })

  test('with a token of this very command line it says what would be sent where', async t => {
    const { onedoor } = commandLine(t, { files })
    const token = (await onedoor('token', '--sub', 'alice')).stdout.trim()
    const { stdout } = await onedoor('explain', '/users/7?a=b', '-H', `Authorization: Bearer ${token}`, '-H', 'x-mine: 1')
    assert.match(stdout, /login +allowed +valid token of alice/)
    assert.match(stdout, /^→ GET http:\/\/127\.0\.0\.1:9001\/base\/users\/7\?a=b {2}\(upstream users\)$/m)
    assert.match(stdout, /^ {2}x-mine: +1$/m)
  })

  test('a host in the URL counts, and where no route fits it says so', async t => {
    const { onedoor } = commandLine(t, { files })
    assert.match((await onedoor('explain', 'get', 'http://a.example/hello')).stdout, /^→ 200$/m)
    const missed = await onedoor('explain', 'GET', '/hello')
    assert.equal(missed.status, 0)
    assert.match(missed.stdout, /^route {2}none fits$/m)
    assert.match(missed.stdout, /✗ \/hello {2}host is "localhost", not "?a\.example/)
    assert.match(missed.stdout, /^→ 404 not-found$/m)
  })

  test('--json is the whole response for programs', async t => {
    const { stdout } = await commandLine(t, { files }).onedoor('explain', 'POST', '/users/7', '--ip', '10.1.2.3', '--json')
    const answer = JSON.parse(stdout) as { route: string, outcome: { upstream: string, forwards: { headers: string[] } } }
    assert.equal(answer.route, '/users/*')
    assert.equal(answer.outcome.upstream, 'users')
    assert.equal(answer.outcome.forwards.headers[answer.outcome.forwards.headers.indexOf('x-forwarded-for') + 1], '10.1.2.3')
  })

  test('what it cannot find out is unknown, under a banner and with exit status 3', async t => {
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': `
policies:
  session: { plugin: token-introspection, endpoint: "http://127.0.0.1:9/introspect", client: { id: a, secret: b },
    identityHeaders: { x-user: sub } }
  each: { plugin: rate-limiting, limit: 1/m, key: claim:sub }
routes:
  - { path: /, target: "http://127.0.0.1:9001", policies: [session, each], requestHeaders: { set: { x-plan: "\${claims.plan}" } } }
` } })
    const { status, stdout } = await onedoor('explain', '/', '-H', 'authorization: Bearer x')
    assert.equal(status, 3)
    assert.match(stdout, /^ {2}1 {2}session +unknown +the service is not asked in a rehearsal$/m)
    assert.match(stdout, /^ {2}2 {2}each +unknown +the claims of the client are not known$/m)
    assert.match(stdout, /^not certain: a rehearsal cannot tell what session and each will decide\./m)
    assert.match(stdout, /^ {2}x-user: +\(unknown\)$/m)
    assert.match(stdout, /^ {2}x-plan: +\(unknown\)$/m)
    const json = await onedoor('explain', '/', '-H', 'authorization: Bearer x', '--json')
    const { unknown } = JSON.parse(json.stdout) as { unknown: string[] }
    assert.deepEqual(unknown, ['session', 'each'])
    // Without a token the verdict is certain.
    assert.equal((await onedoor('explain', '/')).status, 0)
  })

  test('a plugin that sends the response is named, and a redirect shows where it leads', async t => {
    const { onedoor } = commandLine(t, { files: {
      'gateway.yaml': `
policies: { gate: { plugin: ./gate.ts } }
routes:
  - { path: /old, redirect: { to: /new } }
  - { path: /gate, respond: {}, policies: [gate] }
`,
      'gate.ts': `export default async function gate (app) {
  app.addHook('onRequest', async (request, reply) => reply.redirect('https://login.example/', 302))
}`
    } })
    assert.match((await onedoor('explain', '/old')).stdout, /^→ 308 \/new$/m)
    const { stdout } = await onedoor('explain', '/gate')
    assert.match(stdout, /^ {2}1 {2}gate +responded +onRequest sends 302$/m)
    assert.match(stdout, /^→ 302 https:\/\/login\.example\/$/m)
  })

  test('a configuration with problems is refused as everywhere', async t => {
    const { status, stderr } = await commandLine(t, { files: { 'gateway.yaml': 'routes: 1\n' } }).onedoor('explain', '/a')
    assert.equal(status, 1)
    assert.match(stderr, /^gateway\.yaml:1:9 /m)
  })
})
