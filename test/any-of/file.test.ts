/** What the file says about who may enter: alternatives that are none, and routes that are open by oversight. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { startProject } from '../extending/project.ts'
import { send } from '../helpers/client.ts'
import { key, place, stamp } from './key.ts'

const files = { 'key.mjs': key, 'place.mjs': place, 'stamp.mjs': stamp }

/** What is said about a file, without its folder. */
async function said (t: TestContext, yaml: string): Promise<string> {
  const started = await startProject(t, yaml, files).catch((error: unknown) => error)
  if (!(started instanceof ConfigRefused)) return assert.fail('the file is accepted')
  return started.problems.map(problem => formatProblem(problem, started.source)).join('\n').replaceAll(/\S*gateway\.yaml/g, 'gateway.yaml')
}

const warnings = async (t: TestContext, yaml: string): Promise<string> => (await startProject(t, yaml, files)).gateway.warnings.join('\n')

test('an alternative that is not defined is shown with the nearest that is', async t => {
  const text = await said(t, `
policies:
  key: { plugin: ./key.mjs }
  mine: { plugin: any-of, policies: [key, kee] }
routes: [{ path: /, respond: {}, policies: [mine] }]
`)
  assert.match(text, /gateway\.yaml:6:43 {2}unknown policy "kee" — did you mean "key"\?\n.*\n.*\^\^\^/)
})

test('an alternative that authenticates no client is reported', async t => {
  const text = await said(t, `
policies:
  key: { plugin: ./key.mjs }
  stamp: { plugin: ./stamp.mjs }
  limit: { plugin: rate-limiting, limit: 5/s }
  mine: { plugin: all-of, policies: [key, stamp] }
  other: { plugin: any-of, policies: [limit, key] }
routes: [{ path: /, respond: {}, policies: [mine, other] }]
`)
  assert.match(text, /gateway\.yaml:8:43 {2}policy "stamp" does not authenticate, so it is no alternative\n.*\n.*\^{5}/)
  assert.match(text, /gateway\.yaml:9:39 {2}policy "limit" does not authenticate/)
})

test('one way in, or the same twice, is no choice', async t => {
  for (const plugin of ['any-of', 'all-of']) {
    for (const policies of ['[key]', '[key, key]', '[]']) {
      assert.match(
        await said(
          t,
          `policies: { key: { plugin: ./key.mjs }, mine: { plugin: ${plugin}, policies: ${policies} } }\nroutes: [{ path: /, respond: ` +
            '{}, policies: [mine] }]'
        ),
        /gateway\.yaml:3:\d+/,
        `${plugin} ${policies}`
      )
    }
  }
})

test('policies that make use of each other in a circle are shown, also of themselves', async t => {
  const text = await said(t, `
policies:
  key: { plugin: ./key.mjs }
  a: { plugin: any-of, policies: [key, b] }
  b: { plugin: all-of, policies: [a, key] }
  c: { plugin: any-of, policies: [key, c] }
routes: [{ path: /, respond: {}, policies: [a, c] }]
`)
  assert.match(text, /gateway\.yaml:6:40 {2}policy "b" uses "a" in turn/)
  assert.match(text, /gateway\.yaml:7:35 {2}policy "a" uses "b" in turn/)
  assert.match(text, /gateway\.yaml:8:40 {2}policy "c" uses "c" in turn/)
})

test('a policy that only another one uses is not unused', async t => {
  assert.equal(await warnings(t, `
policies: { key: { plugin: ./key.mjs }, place: { plugin: ./place.mjs }, mine: { plugin: any-of, policies: [key, place] } }
routes: [{ path: /, respond: {}, policies: [mine] }]
`), '')
  assert.match(
    await warnings(t, 'policies: { key: { plugin: ./key.mjs } }\nroutes: [{ path: /, respond: {} }]'),
    /policy "key" is listed nowhere/
  )
})

const required = (routes: string, policies = '', server = ''): string => `
server: { host: 127.0.0.1, port: 0, requireAuth: true${server} }
policies: { key: { plugin: ./key.mjs }, place: { plugin: ./place.mjs }, stamp: { plugin: ./stamp.mjs }${policies} }
routes:
${routes}
`

test('server.requireAuth: a route without authentication is a problem with a place', async t => {
  const text = await said(
    t,
    required(
      '  - { path: /a, respond: {}, policies: [key] }\n  - { path: /b, respond: {} }\n  - { path: /c, respond: {}, policies: [stamp] ' +
        '}\n  - { path: /d, respond: {}, policies: [place] }'
    )
  )
  for (const line of [7, 8, 9]) {
    assert.match(
      text,
      new RegExp(`gateway\\.yaml:${line}:5 {2}no policy authenticates the clients of this route \\(server\\.requireAuth\\) — ` +
        'list one under `policies`, or set `public: true`')
    )
  }
  assert.doesNotMatch(text, /gateway\.yaml:6/)
})

test('server.requireAuth: `public: true`, or a policy for everything, is enough', async t => {
  const open = await startProject(
    t,
    required('  - { path: /a, respond: {}, policies: [key] }\n  - { path: /b, respond: {}, public: true }'),
    files
  )
  assert.deepEqual([(await send(open.url, '/a')).status, (await send(open.url, '/b')).status], [401, 200])
  const everywhere = await startProject(t, required('  - { path: /b, respond: {} }', '', ', policies: [key]'), files)
  assert.equal((await send(everywhere.url, '/b')).status, 401)
})

test('server.requireAuth: of any-of all must ask who it is, of all-of one', async t => {
  const text = await said(
    t,
    required(
      '  - { path: /a, respond: {}, policies: [any] }\n  - { path: /b, respond: {}, policies: [all] }',
      ', any: { plugin: any-of, policies: [key, place] }, all: { plugin: all-of, policies: [place, key] }'
    )
  )
  assert.match(text, /gateway\.yaml:6:5 {2}no policy authenticates/)
  assert.doesNotMatch(text, /gateway\.yaml:7/)
})

test('a route that says it is public and asks all the same is warned of', async t => {
  assert.match(
    await warnings(t, 'policies: { key: { plugin: ./key.mjs } }\nroutes: [{ path: /, respond: {}, policies: [key], public: true }]'),
    /the route is not public: a policy authenticates its clients/
  )
})

test('a warning names a policy that needs claims before the client is authenticated, and the policy that must precede it', async t => {
  const yaml = (policies: string, everywhere = ''): string => `
server: { host: 127.0.0.1, port: 0, policies: [${everywhere}] }
policies:
  key: { plugin: ./key.mjs }
  stamp: { plugin: ./stamp.mjs }
  writers: { plugin: require-claims, scopes: [write] }
  internal: { plugin: identity-token, secret: "${'s'.repeat(32)}", issuer: https://door.example, audience: orders }
  limit: { plugin: rate-limiting, limit: 5/s, key: [route, "claim:sub"] }
  plain: { plugin: rate-limiting, limit: 5/s }
routes: [{ path: /, respond: {}, policies: [${policies}] }]
`
  const order = async (policies: string, everywhere?: string): Promise<readonly string[]> => {
    const lines = (await warnings(t, yaml(policies, everywhere))).split('\n')
    return lines.filter(line => !line.includes('is listed nowhere')).map(line => line.replace(/^.*warning: /, ''))
  }
  for (const name of ['writers', 'internal', 'limit']) {
    assert.deepEqual(await order(`${name}, key`), [`"${name}" needs claims of the client before "key" authenticates it — list "key" first`])
    assert.deepEqual(await order(`key, ${name}`), [])
    assert.deepEqual(await order(name, 'key'), [])
  }
  assert.deepEqual(
    await order('writers'),
    ['"writers" rejects every request here: no policy before it authenticates the client — list one that does first']
  )
  // A policy of a user may authenticate without declaring it, and a limit by claims counts other clients by address.
  for (const fine of ['stamp, writers', 'limit', 'internal', 'plain, key']) assert.deepEqual(await order(fine), [], fine)
})

test('an open door beside a guarded one to the same service is warned of, until it says that it is meant', async t => {
  const yaml = (open: string): string => `
upstreams: { users: { targets: [http://127.0.0.1:1] } }
policies: { key: { plugin: ./key.mjs } }
routes: [{ path: /users, upstream: users, policies: [key] }, { path: /export, upstream: users${open} }]
`
  assert.match(await warnings(t, yaml('')), /"users" is open to everybody here, while the route \/users authenticates its clients/)
  assert.equal(await warnings(t, yaml(', public: true')), '')
})
