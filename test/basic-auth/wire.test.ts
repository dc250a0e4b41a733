/** Users with passwords, over real HTTP. */

import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { hashPassword } from '../../src/identity/password-hash.ts'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

/** As cheap as a hash may be. */
function scrypt (password: string): string {
  const salt = Buffer.from(`salt of ${password}`)
  return `scrypt:8192:1:1:${salt.toString('base64url')}:${scryptSync(password, salt, 32, { N: 8192, r: 1, p: 1 }).toString('base64url')}`
}

const users = `{ ada: "${scrypt('engine no 1')}", jörg: "${scrypt('größe')}" }`

interface Door extends TestGateway {
  readonly service: TestTarget
  readonly as: (user: string, password: string, path?: string) => Promise<Answer>
}

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

async function openDoor (
  t: TestContext,
  options: string,
  files: Record<string, string> = {},
  rest: Parameters<typeof startGateway>[2] = {}
): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
policies:
  people: { plugin: basic-auth, ${options} }
routes: [{ path: '/*', target: "${service.url}", policies: [people], requestHeaders: { set: { x-sub: "\${claims.sub}" } } }]
`, { files, ...rest })
  return {
    ...gateway,
    service,
    as: async (user, password, path = '/') => await send(gateway.url, path, { headers: { authorization: basic(user, password) } })
  }
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code

test('a client with the password of a user is accepted, and the service gets the user but no password', async t => {
  const { as, service } = await openDoor(t, `users: ${users}, identityHeaders: { x-user: sub }`)
  assert.equal((await as('ada', 'engine no 1')).status, 200)
  const { headers } = service.hits[0]!
  assert.deepEqual([headers['x-sub'], headers['x-user'], headers.authorization], ['ada', 'ada', undefined])
  assert.equal((await as('jo\u0308rg', 'gro\u0308ße')).status, 200)
  assert.equal(Buffer.from(service.hits[1]!.headers['x-user'] as string, 'latin1').toString(), 'jörg')
})

test('the service gets the credential where it shall', async t => {
  const { as, service } = await openDoor(t, `users: ${users}, forwardCredential: true`)
  await as('ada', 'engine no 1')
  assert.equal(service.hits[0]!.headers.authorization, basic('ada', 'engine no 1'))
})

test('S1-24 without a password, and S1-25 with a wrong one, the response is a 401 with a challenge in UTF-8', async t => {
  const { url, service, as } = await openDoor(t, `users: ${users}`)
  const answers = [
    await send(url, '/'),
    await send(url, '/', { headers: { authorization: 'Bearer x' } }),
    await as('ada', 'wrong'),
    await as('nobody', 'engine no 1'),
    await as('', ''),
    await send(url, '/', { headers: { authorization: 'Basic x' } })
  ]
  assert.deepEqual(
    answers.map(codeOf),
    ['missing-token', 'missing-token', 'invalid-token', 'invalid-token', 'invalid-token', 'invalid-token']
  )
  for (const { status, headers } of answers) {
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Basic realm="onedoor", charset="UTF-8"'])
  }
  assert.equal(
    answers[2]!.text.replaceAll(/"requestId":"[^"]*"|[0-9a-f-]{20,}/g, ''),
    answers[3]!.text.replaceAll(/"requestId":"[^"]*"|[0-9a-f-]{20,}/g, '')
  )
  assert.equal(service.hits.length, 0)
})

test('a flood of guesses from one client is a 503 beyond its share, and delays neither cached verdicts nor other responses', async t => {
  // As dear as `onedoor hash` makes it, so that the guesses come faster than they are judged.
  const { as, url } = await openDoor(t, `users: { ada: "${await hashPassword('engine no 1', Buffer.alloc(16, 1))}" }`)
  assert.equal((await as('ada', 'engine no 1')).status, 200)
  const flood = Array.from({ length: 100 }, async (_, index) => await as('ada', `guess ${index}`))
  assert.equal((await as('ada', 'engine no 1')).status, 200)
  const answers = await Promise.all(flood)
  const codes = new Set(answers.map(codeOf))
  assert.deepEqual([...codes].sort(), ['invalid-token', 'overloaded'])
  assert.equal(answers.find(answer => answer.status === 503)!.headers['retry-after'], '1')
  assert.equal((await send(url, '/')).status, 401)
})

test('requests that come with one credential at one time are hashed once', async t => {
  const { as } = await openDoor(t, `users: ${users}`)
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await as('ada', 'engine no 1')))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
})

test('users from a file: a new password is live, and the old one ends though it was remembered', async t => {
  const file = (password: string): string => `users:\n  ada: "${scrypt(password)}"\n`
  const { as, folder, logged, logs } = await openDoor(t, 'file: users.yaml', { 'users.yaml': file('first') })
  const replace = (text: string): void => {
    writeFileSync(join(folder, 'next'), text)
    renameSync(join(folder, 'next'), join(folder, 'users.yaml'))
  }
  assert.deepEqual([(await as('ada', 'first')).status, (await as('ada', 'second')).status], [200, 401])
  replace(file('second'))
  await logged(line => line['msg'] === 'file has changed and is in use')
  assert.deepEqual([(await as('ada', 'first')).status, (await as('ada', 'second')).status], [401, 200])
  replace('users:\n  ada: my-secret-password\n')
  const { problems } = await logged(line => line['msg'] === 'file has changed and cannot be used, the last good one stays') as {
    problems: string[]
  }
  assert.match(problems[0]!, /users\.yaml:2:8 {2}expected scrypt:N:r:p:salt:hash and never the password itself.*\n +2 \| {3}ada: \*{18}\n/)
  assert.doesNotMatch(JSON.stringify(logs), /my-secret-password/)
  assert.equal((await as('ada', 'second')).status, 200)
})

test('explain says why, metrics count, and neither these nor the log have a password in them', async t => {
  const { as, admin, gateway, logs, logged } = await openDoor(t, `users: ${users}`)
  await as('ada', 'engine no 1')
  await as('ada', 'wrong-password')
  const why = async (headers: Record<string, string>) => (await gateway.explain({
    method: 'GET',
    url: '/',
    headers
  })).decisions.filter(({ by }) => by === 'people').map(decision => `${decision.verdict}: ${decision.why}`)
  assert.deepEqual(
    [await why({ authorization: basic('ada', 'engine no 1') }), await why({ authorization: basic('bob', 'x') }), await why({})],
    [['allowed: password of ada'], ['refused: unknown user or wrong password'], ['refused: no user and password']]
  )
  const text = await (await fetch(`${admin}/metrics`)).text()
  for (const decision of ['allowed', 'refused']) {
    assert.ok(text.includes(`gateway_auth_decisions_total{policy="people",decision="${decision}"} 1\n`), decision)
  }
  assert.equal((await logged(line => line['status'] === 200))['sub'], 'ada')
  const all = JSON.stringify(logs)
  for (const [user, password] of [['ada', 'engine no 1'], ['ada', 'wrong-password']]) {
    for (const secret of [password!, basic(user!, password!).slice(6)]) assert.equal(all.includes(secret), false)
  }
  assert.doesNotMatch(JSON.stringify(gateway.effectiveConfig()), /scrypt:/)
})

for (const [what, options, said] of [
  ['no users', 'cache: {}', /needs users: users or file/],
  ['users and a file', `users: ${users}, file: users.yaml`, /cannot stand beside users/],
  [
    'a password itself',
    'users: { ada: hunter2 }',
    /expected scrypt:N:r:p:salt:hash and never the password itself: `onedoor hash --password`/
  ],
  [
    'a hash that is too weak',
    'users: { ada: "scrypt:2:8:1:c2FsdHNhbHQ:aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo" }',
    /N must be a power of two from 8192 on — onedoor hash --password/
  ],
  ['a name with a colon', `users: { "a:b": "${scrypt('x')}" }`, /expected a name without colon/]
] as const) {
  test(`refused: ${what}`, async t => {
    await assert.rejects(openDoor(t, options), (error: Error) => {
      assert.match(error.message, said)
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    })
  })
}
