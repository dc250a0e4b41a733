/** Addresses that are let in and kept out, over real HTTP. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'

const open = async (t: TestContext, options: string): Promise<TestGateway> => await startGateway(t, `
server: { host: 127.0.0.1, port: 0, trustProxy: [loopback] }
policies: { office: { plugin: ip-filter, ${options} } }
routes: [{ path: /, respond: { text: in }, policies: [office] }]
`)

const from = async (
  { url }: TestGateway,
  ip: string
): Promise<number> => (await send(url, '/', { headers: { 'x-forwarded-for': ip } })).status

test('only clients of allow come in, of all that a trusted proxy tells of', async t => {
  const gateway = await open(t, 'allow: [10.0.0.0/8, 2001:db8::/32, 203.0.113.7]')
  for (const [ip, status] of [
    ['10.1.2.3', 200], ['203.0.113.7', 200], ['2001:db8::1', 200], ['::ffff:10.1.2.3', 200], ['203.0.113.8', 403],
    ['::ffff:203.0.113.8', 403], ['2001:db9::1', 403], ['127.0.0.1', 403]
  ] as const) {
    assert.equal(await from(gateway, ip), status, ip)
  }
})

test('deny wins over allow, and alone keeps out whom it names', async t => {
  const both = await open(t, 'allow: [private, loopback], deny: [10.6.6.0/24]')
  assert.deepEqual(
    [await from(both, '10.1.1.1'), await from(both, '10.6.6.6'), await from(both, '127.0.0.1'), await from(both, '203.0.113.7')],
    [200, 403, 200, 403]
  )
  const alone = await open(t, 'deny: ["203.0.113.0/24"]')
  assert.deepEqual([await from(alone, '203.0.113.7'), await from(alone, '198.51.100.1')], [403, 200])
})

test('a client cannot choose its address where no proxy is trusted', async t => {
  const { url } = await startGateway(
    t,
    'policies: { office: { plugin: ip-filter, allow: [10.0.0.0/8] } }\nroutes: [{ path: /, respond: { text: in }, policies: [office] }]'
  )
  assert.equal(
    (await send(url, '/', { headers: { 'x-forwarded-for': '10.0.0.1', 'x-real-ip': '10.0.0.1', forwarded: 'for=10.0.0.1' } })).status,
    403
  )
})

test('the refusal is a 403 that says nothing of the lists; explain, metrics and log know', async t => {
  const gateway = await open(t, 'allow: [10.0.0.0/8], deny: [10.6.6.6]')
  const { text } = await send(gateway.url, '/', { headers: { 'x-forwarded-for': '10.6.6.6' } })
  assert.equal((JSON.parse(text) as { code: string }).code, 'forbidden')
  assert.doesNotMatch(text, /10\.|deny|allow/)
  const why = async (remoteAddress: string) => (await gateway.gateway.explain({
    method: 'GET',
    url: '/',
    remoteAddress
  })).decisions.filter(({ by }) => by === 'office').map(decision => `${decision.verdict}: ${decision.why}`)
  assert.deepEqual(
    [await why('10.0.0.1'), await why('10.6.6.6'), await why('192.0.2.1')],
    [['allowed: the address is in allow'], ['refused: 10.6.6.6 is in deny'], ['refused: 192.0.2.1 is not in allow']]
  )
  assert.match(
    await (await fetch(`${gateway.admin}/metrics`)).text(),
    /gateway_auth_decisions_total\{policy="office",decision="refused"\} 1\n/
  )
  assert.equal((await gateway.logged(line => line['code'] === 'forbidden'))['status'], 403)
})

test('what is no network is shown with its place, all at once', async t => {
  const refused = await open(t, 'allow: [10.0.0.0/8, 10.0.0.0/33], deny: [office]').catch((error: unknown) => error) as ConfigRefused
  const text = refused.problems.map(problem => formatProblem(problem, refused.source)).join('\n')
  assert.match(
    text,
    /gateway\.yaml:\d+:62 {2}"10\.0\.0\.0\/33" is not a network: expected an address, .*, private or unix\n.*\n.*\^{11}/
  )
  assert.match(text, /gateway\.yaml:\d+:83 {2}"office" is not a network/)
  const none = await startGateway(
    t,
    'policies: { office: { plugin: ip-filter } }\nroutes: [{ path: /, respond: {}, policies: [office] }]'
  ).catch((error: unknown) => error) as ConfigRefused
  assert.match(none.message, /needs networks: allow, deny or both/)
})

test('a route counts as guarded by allow, and not by deny alone', async t => {
  const yaml = (options: string): string => `server: { host: 127.0.0.1, port: 0, requireAuth: true }
policies: { office: { plugin: ip-filter, ${options} } }
routes: [{ path: /, respond: {}, policies: [office] }]`
  await startGateway(t, yaml('allow: [loopback]'))
  await assert.rejects(startGateway(t, yaml('deny: [10.0.0.0/8]')), /no policy authenticates the clients of this route/)
})

test('with any-of an address is one way in beside others', async t => {
  const { url } = await startGateway(t, `
policies:
  office: { plugin: ip-filter, allow: [10.0.0.0/8] }
  here: { plugin: ip-filter, allow: [loopback] }
  either: { plugin: any-of, policies: [office, here] }
  both: { plugin: all-of, policies: [here, office] }
routes: [{ path: /a, respond: {}, policies: [either] }, { path: /b, respond: {}, policies: [both] }]
`)
  assert.deepEqual([(await send(url, '/a')).status, (await send(url, '/b')).status], [200, 403])
})

test('an address is nothing that a client shows: where a key is asked for too, its absence is told and not the address', async t => {
  const { url } = await startGateway(t, `
policies:
  office: { plugin: ip-filter, allow: [10.0.0.0/8] }
  key: { plugin: api-key, keys: [{ consumer: shop, hash: "sha256:${'0'.repeat(64)}" }] }
  either: { plugin: any-of, policies: [office, key] }
routes: [{ path: /, respond: {}, policies: [either] }]`)
  for (const [headers, status] of [[{}, 401], [{ 'x-api-key': 'wrong' }, 401]] as const) {
    assert.equal((await send(url, '/', { headers })).status, status)
  }
})
