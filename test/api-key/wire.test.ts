/** Clients with keys, over real HTTP. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

const shop = 'shop-1f9d0c5b7a3e4c2d8b6f0a9e8d7c6b5a'
const robot = 'robot-77aa66bb55cc44dd33ee22ff11009988'
const sha256 = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`
const written = `[{ consumer: shop, tier: gold, hash: "${sha256(shop)}", claims: { regions: [eu, us] } }, { consumer: robot, hash: ` +
  `"${sha256(robot).toUpperCase().replace('SHA', 'sha')}" }]`

interface Door extends TestGateway {
  readonly service: TestTarget
}

async function openDoor (
  t: TestContext,
  options: string,
  files: Record<string, string> = {},
  more = '',
  rest: Parameters<typeof startGateway>[2] = {}
): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
${more}
policies:
  key: { plugin: api-key, ${options} }
routes: [{ path: '/*', target: "${service.url}", policies: [key],
  requestHeaders: { set: { x-sub: "\${claims.sub}", x-tier: "\${claims.tier}", x-consumer: "\${claims.consumer}" } } }]
`, { files, ...rest })
  return { ...gateway, service }
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code
const withKey = (key: string): { headers: Record<string, string> } => ({ headers: { 'x-api-key': key } })

test('a key of the list lets in, and says whose it is and of which tier', async t => {
  const { url, service } = await openDoor(t, `keys: ${written}, identityHeaders: { x-who: consumer, x-regions: regions }`)
  assert.equal((await send(url, '/a', { headers: { 'X-Api-Key': shop, 'x-who': 'root' } })).status, 200)
  const { headers } = service.hits[0]!
  assert.deepEqual(
    [headers['x-sub'], headers['x-consumer'], headers['x-tier'], headers['x-who'], headers['x-regions']],
    ['shop', 'shop', 'gold', 'shop', 'eu,us']
  )
  assert.equal((await send(url, '/a', withKey(robot))).status, 200)
  assert.deepEqual([service.hits[1]!.headers['x-sub'], service.hits[1]!.headers['x-tier']], ['robot', undefined])
})

test('S1-24 S1-25 a missing, wrong, malformed or repeated key is a 401 with a challenge, and the service sees nothing', async t => {
  const { url, service } = await openDoor(t, `keys: ${written}`)
  for (const [headers, code] of [
    [[], 'missing-token'], [['x-api-key', ''], 'missing-token'], [['authorization', `Bearer ${shop}`], 'missing-token'],
    [['x-api-key', `${shop}x`], 'invalid-token'], [
      ['x-api-key', shop.slice(1)],
      'invalid-token'
    ], [['x-api-key', sha256(shop)], 'invalid-token'], [['x-api-key', `${shop}, ${shop}`], 'invalid-token'],
    [['x-api-key', shop, 'X-API-Key', shop], 'invalid-token'], [
      ['x-api-key', shop, 'x-api-key', 'other'],
      'invalid-token'
    ], [['x-api-key', 'k'.repeat(5000)], 'invalid-token'], [['x-api-key', 'sch\u00f6n'], 'invalid-token']
  ] as const) {
    const answer = await send(url, '/', { headers: ['host', 'gateway', ...headers] })
    assert.deepEqual(
      [answer.status, codeOf(answer), answer.headers['www-authenticate']],
      [401, code, 'ApiKey realm="onedoor", header="x-api-key"'],
      headers.join()
    )
  }
  assert.equal(service.hits.length, 0)
})

test('the service does not get the key, unless it shall', async t => {
  const without = await openDoor(t, `keys: ${written}, header: X-Shop-Key`)
  await send(without.url, '/a?x=1', { headers: ['host', 'gateway', 'A', '1', 'x-SHOP-key', shop, 'b', '2'] })
  const { rawHeaders } = without.service.hits[0]!
  assert.doesNotMatch(rawHeaders.join('\n'), /shop-key|shop-1f9/i)
  assert.deepEqual(rawHeaders.slice(rawHeaders.indexOf('A'), rawHeaders.indexOf('A') + 4), ['A', '1', 'b', '2'])
  const forwarding = await openDoor(t, `keys: ${written}, forwardKey: true`)
  await send(forwarding.url, '/', withKey(shop))
  assert.equal(forwarding.service.hits[0]!.headers['x-api-key'], shop)
})

test('a key in the query is taken out of it, and all else arrives byte for byte', async t => {
  const { url, service, logs } = await openDoor(t, `keys: ${written}, query: api_key`)
  for (const [query, arrives] of [
    [`?api_key=${shop}`, '/p'], [
      `?a=%7e&api%5Fkey=${shop}&&b=c+d%2f&`,
      '/p?a=%7e&&b=c+d%2f&'
    ], [`?api_key=${shop.replace('s', '%73')}&x`, '/p?x']
  ] as const) {
    assert.equal((await send(url, `/p${query}`)).status, 200, query)
    assert.equal(service.hits.at(-1)!.url, arrives)
  }
  for (const [query, code] of [
    ['', 'missing-token'],
    ['?api_key=x', 'invalid-token'],
    [`?api_key=${shop}&api%5fkey=${shop}`, 'invalid-token'],
    ['?api_key=%zz', 'invalid-token']
  ]) {
    const answer = await send(url, `/p${query!}`)
    assert.deepEqual([codeOf(answer), answer.headers['www-authenticate']], [code, 'ApiKey realm="onedoor", query="api_key"'], query)
  }
  assert.equal(JSON.stringify(logs).includes(shop), false)
})

test('a key is refused from the instant on at which it expires', async t => {
  const wall = { now: Date.parse('2027-01-30T23:59:59.999Z') }
  const { url, gateway } = await openDoor(
    t,
    `keys: [{ consumer: shop, hash: "${sha256(shop)}", expires: 2027-01-31 }, { consumer: robot, hash: "${sha256(robot)}", expires: ` +
      '"2027-01-31T02:00:00+01:00" }]',
    {},
    '',
    { clock: { now: () => performance.now(), wall: () => wall.now } }
  )
  const statuses = async (): Promise<number[]> => [
    (await send(url, '/', withKey(shop))).status,
    (await send(url, '/', withKey(robot))).status
  ]
  assert.deepEqual(await statuses(), [200, 200])
  wall.now++
  assert.deepEqual(await statuses(), [401, 200])
  const explained = await gateway.explain({ method: 'GET', url: '/', headers: { 'x-api-key': shop } })
  assert.equal(explained.decisions.find(({ by }) => by === 'key')!.why, 'key of shop has expired')
  wall.now += 3_600_000
  assert.deepEqual(await statuses(), [401, 401])
})

test('a rate limit tells consumers apart and gives tiers limits of their own', async t => {
  const { url } = await startGateway(t, `
policies:
  key: { plugin: api-key, keys: ${written} }
  limit: { plugin: rate-limiting, limit: 1/h, key: "claim:consumer", tiers: { by: "claim:tier", gold: { limit: 2/h } } }
routes: [{ path: /, respond: {}, policies: [key, limit] }]
`)
  const statuses = async (key: string): Promise<number[]> => [
    (await send(url, '/', withKey(key))).status,
    (await send(url, '/', withKey(key))).status,
    (await send(url, '/', withKey(key))).status
  ]
  assert.deepEqual([await statuses(shop), await statuses(robot)], [[200, 200, 429], [200, 429, 429]])
})

test('explain says whose key it is or why it is none, metrics count, and neither these nor the log have a key in them', async t => {
  const { url, admin, gateway, logs, logged } = await openDoor(t, `keys: ${written}`)
  await send(url, '/', withKey(shop))
  await send(url, '/', withKey('wrong-key-wrong-key'))
  const why = async (headers: Record<string, string>) => (await gateway.explain({
    method: 'GET',
    url: '/',
    headers
  })).decisions.filter(({ by }) => by === 'key').map(decision => `${decision.verdict}: ${decision.why}`)
  assert.deepEqual(
    [await why({ 'x-api-key': shop }), await why({ 'x-api-key': 'wrong-key-wrong-key' }), await why({})],
    [['allowed: key of shop'], ['refused: unknown key'], ['refused: no key in header x-api-key']]
  )
  const text = await (await fetch(`${admin}/metrics`)).text()
  for (const decision of ['allowed', 'refused']) {
    assert.ok(text.includes(`gateway_auth_decisions_total{policy="key",decision="${decision}"} 1\n`), decision)
  }
  assert.equal((await logged(line => line['status'] === 200))['sub'], 'shop')
  assert.doesNotMatch(JSON.stringify(logs), /wrong-key|shop-1f9/)
  assert.doesNotMatch(JSON.stringify(gateway.effectiveConfig()), new RegExp(sha256(shop)))
})

test('any-of takes keys from header and query, and lists both ways', async t => {
  const { url } = await startGateway(t, `
policies:
  header: { plugin: api-key, keys: ${written} }
  query: { plugin: api-key, keys: ${written}, query: key }
  either: { plugin: any-of, policies: [header, query] }
routes: [{ path: /, respond: {}, policies: [either] }]
`)
  assert.deepEqual([(await send(url, '/', withKey(shop))).status, (await send(url, `/?key=${robot}`)).status], [200, 200])
  assert.equal(
    (await send(url, '/')).headers['www-authenticate'],
    'ApiKey realm="onedoor", header="x-api-key", ApiKey realm="onedoor", query="key"'
  )
})

const file = (...keys: string[]): string =>
  `keys:\n${keys.map(key => `  - { consumer: ${key.split('-')[0]!}, hash: "${sha256(key)}" }\n`).join('')}`

test('keys from a file: a change is live, a broken one is refused with place and caret, and what was there serves on', async t => {
  const { url, folder, logged, logs, gateway } = await openDoor(t, 'file: ./api-keys.yaml', { 'api-keys.yaml': file(shop) })
  const replace = (text: string): void => {
    writeFileSync(join(folder, 'next'), text)
    renameSync(join(folder, 'next'), join(folder, 'api-keys.yaml'))
  }
  const statuses = async (): Promise<number[]> => [
    (await send(url, '/', withKey(shop))).status,
    (await send(url, '/', withKey(robot))).status
  ]
  assert.deepEqual(await statuses(), [200, 401])

  replace(file(shop, robot))
  await logged(line => line['msg'] === 'file has changed and is in use')
  assert.deepEqual(await statuses(), [200, 200])

  replace(`keys:\n  - { consumer: shop, hash: ${robot}, teir: gold }\n`)
  const { problems } = await logged(line => line['msg'] === 'file has changed and cannot be used, the last good one stays') as {
    problems: string[]
  }
  assert.match(
    problems[0]!,
    new RegExp([
      /api-keys\.yaml:2:29 {2}expected sha256: and 64 hex digits and never the key itself: `onedoor hash` makes it from a key\n/,
      / +2 \| {3}- \{ consumer: shop, hash: \*+, teir: gold \}\n +\| +\^+$/
    ].map(({ source }) => source).join(''))
  )
  assert.match(problems.join('\n'), /api-keys\.yaml:2:\d+ {2}unknown key "teir" — did you mean "tier"\?/)
  assert.doesNotMatch(JSON.stringify(logs), new RegExp(robot))
  assert.deepEqual(await statuses(), [200, 200])

  // The configuration is loaded again while the file is broken: the last good keys are still the same.
  assert.equal((await gateway.reload('test')).ok, true)
  assert.deepEqual(await statuses(), [200, 200])
  replace(file(robot))
  const failed = logs.findIndex(line => line['problems'] !== undefined)
  await logged(line => line['msg'] === 'file has changed and is in use' && logs.indexOf(line) > failed)
  assert.deepEqual(await statuses(), [401, 200])
})

test('a file that is missing or broken at the start is a problem of the configuration, with its place', async t => {
  await assert.rejects(openDoor(t, 'file: ./none.yaml'), /none\.yaml.*no such file/)
  await assert.rejects(
    openDoor(t, 'file: ./api-keys.yaml', { 'api-keys.yaml': file(shop, shop) }),
    /api-keys\.yaml:3:29 {2}is the same key as that of item 1/
  )
  await assert.rejects(openDoor(t, 'file: ./api-keys.yaml', { 'api-keys.yaml': 'keys: [' }), /api-keys\.yaml:1/)
  await assert.rejects(openDoor(t, 'file: ./api-keys.yaml', { 'api-keys.yaml': '' }), /api-keys\.yaml/)
})

for (const [what, options, said] of [
  ['no keys', 'header: x-key', /needs keys to compare with: keys or file/],
  ['keys and a file', `keys: ${written}, file: ./keys.yaml`, /cannot stand beside keys/],
  ['header and query', `keys: ${written}, header: x-key, query: key`, /the key comes in one way — any-of/],
  ['a header with another meaning', `keys: ${written}, header: Authorization`, /must not be Authorization/],
  ['a key itself', `keys: [{ consumer: shop, hash: ${shop} }]`, /expected sha256: and 64 hex digits and never the key itself/],
  [
    'a day that is not in the calendar',
    `keys: [{ consumer: shop, hash: "${sha256(shop)}", expires: 2027-02-30 }]`,
    /expected a day or an instant of RFC 3339, got "2027-02-30"/
  ],
  [
    'a claim that is set already',
    `keys: [{ consumer: shop, hash: "${sha256(shop)}", claims: { sub: root } }]`,
    /is set by consumer beside claims/
  ],
  ['a tier as a claim', `keys: [{ consumer: shop, hash: "${sha256(shop)}", claims: { tier: gold } }]`, /is set by tier beside claims/],
  [
    'one key twice, in letters of both sizes',
    `keys: [{ consumer: a, hash: "${sha256(shop)}" }, { consumer: b, hash: "${sha256(shop).toUpperCase().replace('SHA', 'sha')}" }]`,
    /is the same key as that of item 1/
  ],
  [
    'a parameter that the log would show',
    `keys: ${written}, query: k`,
    /the log would show the keys in "k" — logging: \{ redact: \["query:k"\] \}/
  ]
] as const) {
  test(`refused: ${what}`, async t => {
    await assert.rejects(openDoor(t, options), (error: Error) => {
      assert.match(error.message, said)
      assert.doesNotMatch(error.message, new RegExp(shop))
      return true
    })
  })
}

test('a parameter that the log is told to hide may have any name', async t => {
  for (const name of ['k', 'K']) {
    const { url } = await openDoor(t, `keys: ${written}, query: ${name}`, {}, `logging: { redact: ["query:${name}"] }`)
    assert.equal((await send(url, `/?${name}=${shop}`)).status, 200)
  }
})

test('a reload with other keys, or other fields for the service, takes effect', async t => {
  for (const inFile of [false, true]) {
    const door = await openDoor(t, inFile ? 'file: ./keys.yaml' : `keys: ${written}`, { 'keys.yaml': `keys: ${written}` })
    const yaml = (options: string): string => `policies: { key: { plugin: api-key, ${options} } }
routes: [{ path: /*, target: "${door.service.url}", policies: [key] }]`
    door.write(
      yaml(inFile ? 'file: ./keys.yaml, identityHeaders: { x-who: consumer }' : `keys: ${written}, identityHeaders: { x-who: consumer }`)
    )
    assert.equal((await door.gateway.reload('test')).ok, true)
    assert.equal((await send(door.url, '/', withKey(shop))).status, 200)
    assert.equal(door.service.hits.at(-1)!.headers['x-who'], 'shop')
    door.write(yaml(`keys: [{ consumer: robot, hash: "${sha256(robot)}" }], identityHeaders: { x-who: consumer }`))
    assert.equal((await door.gateway.reload('test')).ok, true)
    assert.deepEqual([(await send(door.url, '/', withKey(shop))).status, (await send(door.url, '/', withKey(robot))).status], [401, 200])
  }
})

test('where several ways are open, a wrong key is told before one that is missing', async t => {
  const { url } = await startGateway(t, `
policies:
  header: { plugin: api-key, keys: ${written} }
  query: { plugin: api-key, keys: ${written}, query: key }
  either: { plugin: any-of, policies: [query, header] }
routes: [{ path: /, respond: {}, policies: [either] }]
`)
  assert.deepEqual(
    [codeOf(await send(url, '/')), codeOf(await send(url, '/', withKey('wrong'))), codeOf(await send(url, '/?key=wrong'))],
    ['missing-token', 'invalid-token', 'invalid-token']
  )
})
