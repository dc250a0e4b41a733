/** What a route may ask of a client that it knows, over real HTTP. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { bearer, openDoor, secret } from './door.ts'

const codeOf = ({ text }: { readonly text: string }): string => (JSON.parse(text) as { code: string }).code

test('a client without all of the scopes gets a 403 with those that are needed', async t => {
  const { get, service } = await openDoor(t, 'mine: { plugin: require-claims, scopes: ["orders:read", "orders:write"] }')
  for (const claims of [{}, { scope: 'orders:read' }, { scope: 'orders:reads orders:write' }]) {
    const answer = await get({ authorization: bearer(claims) })
    assert.deepEqual(
      [answer.status, codeOf(answer), answer.headers['www-authenticate']],
      [403, 'insufficient-scope', 'Bearer realm="onedoor", error="insufficient_scope", scope="orders:read orders:write"']
    )
  }
  assert.equal(service.hits.length, 0)
  for (const claims of [{ scope: 'orders:write x orders:read' }, { scp: ['orders:read'], permissions: ['orders:write'] }]) {
    assert.equal((await get({ authorization: bearer(claims) })).status, 200)
  }
})

const conditions: readonly (readonly [condition: string, good: readonly object[], bad: readonly object[]])[] = [
  [
    'role: admin',
    [{ role: 'admin' }],
    [{}, { role: 'Admin' }, { role: 'administrator' }, { role: ['admin'] }, { role: null }, { role: { admin: true } }]
  ],
  ['level: 3', [{ level: 3 }], [{ level: '3' }, { level: 4 }]],
  ['verified: true', [{ verified: true }], [{ verified: false }, { verified: 'true' }, { verified: 1 }]],
  [
    'tenant: [a, b, 7]',
    [{ tenant: 'a' }, { tenant: 'b' }, { tenant: 7 }],
    [{ tenant: 'c' }, { tenant: '7' }, { tenant: ['a'] }, { tenant: 'a,b' }, {}]
  ],
  [
    'roles: { contains: editor }',
    [{ roles: ['editor'] }, { roles: ['x', 'editor'] }],
    [{ roles: 'editor' }, { roles: 'chief editor' }, { roles: ['editors'] }, { roles: [['editor']] }, { roles: { editor: 1 } }, {}]
  ],
  [
    'roles: { contains: [editor, admin, 7] }',
    [{ roles: ['editor'] }, { roles: ['x', 'admin'] }, { roles: [7] }],
    [{ roles: ['x'] }, { roles: [] }, { roles: ['7'] }, { roles: 'editor' }, { roles: [['editor', 'admin', 7]] }, {}]
  ],
  [
    'realm_access.roles: { contains: editor }',
    [{ realm_access: { roles: ['editor'] } }, { 'realm_access.roles': ['editor'] }],
    [{ roles: ['editor'] }, { realm_access: ['editor'] }, { realm_access: null }]
  ],
  ['"https://shop.example/role": admin', [{ 'https://shop.example/role': 'admin' }], [{ role: 'admin' }]],
  ['org: { present: true }', [{ org: 'x' }, { org: false }, { org: 0 }, { org: '' }], [{}, { org: null }]],
  ['role: admin, tenant: a', [{ role: 'admin', tenant: 'a' }], [{ role: 'admin' }, { tenant: 'a' }]]
]

test('a condition admits exactly the clients that meet it, and tells others no reason', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, [
    `policies:\n  login: { plugin: jwt-auth, secret: ${secret} }`,
    ...conditions.map(([condition], index) => `  c${index}: { plugin: require-claims, claims: { ${condition} } }`),
    'routes:',
    ...conditions.map((_, index) => `  - { path: /${index}, target: "${service.url}", policies: [login, c${index}] }`)
  ].join('\n'))
  for (const [index, [condition, good, bad]] of conditions.entries()) {
    for (const claims of good) {
      assert.equal(
        (await send(url, `/${index}`, { headers: { authorization: bearer(claims) } })).status,
        200,
        `${condition}: ${JSON.stringify(claims)}`
      )
    }
    for (const claims of bad) {
      const answer = await send(url, `/${index}`, { headers: { authorization: bearer(claims) } })
      assert.deepEqual(
        [answer.status, codeOf(answer), answer.headers['www-authenticate']],
        [403, 'forbidden', undefined],
        `${condition}: ${JSON.stringify(claims)}`
      )
      assert.doesNotMatch(answer.text, /claim|role|tenant/)
    }
  }
})

test('a client that no policy has authenticated gets 401', async t => {
  for (const list of ['mine', 'mine, login', 'place, mine']) {
    const { get } = await openDoor(t, 'mine: { plugin: require-claims, claims: { sub: ada } }', list)
    const answer = await get({ authorization: bearer(), 'x-place': 'office' })
    assert.deepEqual(
      [answer.status, codeOf(answer), answer.headers['www-authenticate']],
      [401, 'missing-token', 'Bearer realm="onedoor"'],
      list
    )
  }
})

test('it asks the same of everybody whom any-of lets in', async t => {
  const { get } = await openDoor(t, 'mine: { plugin: require-claims, claims: { sub: [ada, robot] } }', 'anybody, mine')
  for (const [headers, status] of [
    [
      { authorization: bearer() },
      200
    ], [{ 'x-key': 'k-robot' }, 200], [{ 'x-key': 'k-stranger' }, 403], [{ 'x-place': 'office' }, 401], [{}, 401]
  ] as const) assert.equal((await get(headers)).status, status, JSON.stringify(headers))
})

test('explain says which condition does not hold, and the log too, without what the client has', async t => {
  const { gateway, get, logged } = await openDoor(
    t,
    'mine: { plugin: require-claims, scopes: [read], claims: { role: admin, tenant: [a, b], roles: { contains: editor }, org: { ' +
      'present: true } } }'
  )
  const why = async (claims: object): Promise<string> => {
    const { decisions } = await gateway.explain({ method: 'GET', url: '/', headers: { authorization: bearer(claims) } })
    return decisions.filter(({ by }) => by === 'mine').map(({ verdict, why }) => `${verdict}: ${why}`).join()
  }
  const whole = { scope: 'read', role: 'admin', tenant: 'b', roles: ['editor'], org: 'o' }
  assert.equal(await why(whole), 'allowed: all that is required is there')
  assert.equal(await why({ ...whole, scope: 'hidden' }), 'refused: the client has no scope read')
  assert.equal(await why({ ...whole, role: 'hidden' }), 'refused: claim role is not "admin"')
  assert.equal(await why({ ...whole, tenant: 'hidden' }), 'refused: claim tenant is none of "a", "b"')
  assert.equal(await why({ ...whole, roles: ['hidden'] }), 'refused: claim roles is no list that contains "editor"')
  assert.equal(await why({ ...whole, org: null }), 'refused: claim org is absent')
  await get({ authorization: bearer({ ...whole, role: 'hidden' }) })
  const line = await logged(({ statusCode, status }) => (statusCode ?? status) === 403)
  assert.doesNotMatch(JSON.stringify(line), /hidden/)
})

const mistakes: readonly (readonly [options: string, message: string])[] = [
  ['', 'asks for nothing: it needs scopes or claims'],
  [', scopes: ["two words"]', 'expected text like'],
  [', claims: { a..b: x }', '"a..b" is not the path of a claim: names with one dot between them'],
  [', claims: { .a: x }', '".a" is not the path of a claim'],
  [', claims: { "": x }', '"" is not the path of a claim'],
  [', claims: { claims.role: x }', '"claims.role" is not the path of a claim — role'],
  ...[
    'scope',
    'scp',
    'permissions'
  ].map((name): [string, string] => [`, claims: { ${name}: read }`, `"${name}" is read word by word — scopes`]),
  [', claims: { " role": x }', '" role" is not the path of a claim'],
  [', claims: { role: [] }', 'needs at least one item'],
  [', claims: { role: null }', 'expected a value, a list of values, { contains: VALUE } or { present: true }'],
  [', claims: { role: {} }', 'needs at least one key'],
  [', claims: { role: { contains: a, present: true } }', 'can have at most 1 key'],
  [', claims: { role: { present: false } }', 'expected true, got false'],
  [', claims: { role: { contain: a } }', 'unknown key "contain" — did you mean "contains"?'],
  [', role: admin', 'unknown key "role"']
]

test('conditions that cannot be meant are refused, all at once and each with its place', async t => {
  const names = mistakes.map((_, index) => `m${index}`)
  const started = await openDoor(
    t,
    mistakes.map(([options], index) => `m${index}: { plugin: require-claims${options} }`).join('\n  '),
    names.join(', ')
  ).catch((error: unknown) => error)
  if (!(started instanceof ConfigRefused)) return assert.fail('the file is accepted')
  for (const [index, [options, message]] of mistakes.entries()) {
    const lines = started.problems.filter(({ pointer }) => pointer.split('/')[2] === `m${index}`).map(problem => formatProblem(
      problem,
      () => undefined
    ))
    assert.ok(lines.some(line => line.includes(message)), `${options}: ${lines.join('; ')}`)
  }
})
