/** An operator opens and closes breakers of a running gateway, with one thread and with several. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

interface Gate { readonly gate: string, readonly state: string, readonly why?: string, readonly opensInMs?: number }

for (const threads of [1, 2]) {
  test(`with ${threads} threads a breaker that is opened by hand stays open for its time, and says who and why`, async t => {
    const one = await startTarget(t, (_request, response) => response.end('1'))
    const two = await startTarget(t, (_request, response) => response.end('2'))
    const { url, admin } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, threads: ${threads} }
upstreams: { users: { targets: [${one.url}, ${two.url}], circuitBreaker: {} } }
routes: [{ path: /*, upstream: users }]
`, { threaded: true })
    const set = async (state: string, more = '') => {
      const response = await fetch(`${admin}/breakers?upstream=users&target=${one.url}&state=${state}${more}`, { method: 'POST' })
      return await response.json() as { state: string, openTargets: number, until?: string }
    }
    const answers = async () => {
      const all = await Promise.all(Array.from({ length: 8 }, async () => (await send(url, '/')).text))
      return new Set(all)
    }
    const gate = async (): Promise<Gate> => {
      const [users] = await (await fetch(`${admin}/upstreams`)).json() as { targets: { gates: Gate[] }[] }[]
      return users!.targets[0]!.gates.find(({ gate }) => gate === 'circuit-breaking')!
    }

    const opened = await set('open', '&for=1h&reason=bad%20deployment')
    assert.deepEqual([opened.state, opened.openTargets, opened.until?.slice(-1)], ['open', 1, 'Z'])
    assert.deepEqual(await answers(), new Set(['2']))
    assert.equal((await fetch(`${admin}/reload`, { method: 'POST' })).status, 200)
    assert.deepEqual(await answers(), new Set(['2']))
    const { state, why, opensInMs } = await gate()
    assert.deepEqual([state, why], ['open', 'opened by 127.0.0.1: bad deployment'])
    assert.ok(opensInMs! > 3_000_000 && opensInMs! <= 3_600_000, String(opensInMs))
    const rehearsed = await (await fetch(`${admin}/explain?url=/`)).json() as { decisions: { by: string, why: string }[] }
    assert.equal(
      rehearsed.decisions.find(({ by }) => by === 'circuit-breaking')?.why,
      `${one.url} is open (opened by 127.0.0.1: bad deployment)`
    )
    assert.match(await (await fetch(`${admin}/metrics`)).text(), /gateway_circuit_opened_total\{[^}]*reason="operator"\} 1/)

    const closed = await set('closed')
    assert.deepEqual([closed.state, closed.openTargets, closed.until], ['closed', 2, undefined])
    assert.deepEqual(await answers(), new Set(['1', '2']))
    const events = await (await fetch(`${admin}/events?type=circuit-set`)).json() as Record<string, unknown>[]
    assert.deepEqual(events.map(event => [event['target'], event['state'], event['by'], event['reason']]), [
      [one.url, 'open', '127.0.0.1', 'bad deployment'],
      [one.url, 'closed', '127.0.0.1', undefined]
    ])
  })
}

test('after its time a request tries the target, and one that fails opens the breaker for openFor', async t => {
  let status = 500
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  let now = 0
  const { url, admin } = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], retry: { attempts: 1 }, circuitBreaker: { openFor: 30s } } }
routes: [{ path: /*, upstream: users }]
`, { clock: { now: () => now, wall: () => 1_800_000_000_000 + now } })
  const opened = await fetch(`${admin}/breakers?upstream=users&target=${target.url}&state=open`, { method: 'POST' })
  assert.deepEqual(await opened.json(), {
    upstream: 'users', target: target.url, state: 'open', why: 'opened by 127.0.0.1', openTargets: 0, until: '2027-01-15T08:10:00.000Z'
  })
  now = 599_999
  assert.equal((await send(url, '/')).status, 503)
  now = 600_000
  assert.equal((await send(url, '/')).status, 500)
  now = 629_999
  assert.equal((await send(url, '/')).headers['retry-after'], '1')
  now = 630_000
  status = 200
  assert.equal((await send(url, '/')).status, 200)
  assert.equal(target.hits.length, 2)
})

test('what cannot be set is refused with words', async t => {
  const target = await startTarget(t)
  const { admin } = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], circuitBreaker: {} }, plain: { targets: [${target.url}] } }
routes: [{ path: /*, upstream: users }, { path: /plain, upstream: plain }]
`)
  const complaint = async (query: string) => {
    const response = await fetch(`${admin}/breakers?${query}`, { method: 'POST' })
    return [response.status, (await response.json() as { detail: string }).detail]
  }
  const it = `target=${target.url}`
  assert.deepEqual(await complaint('upstream=users&state=open'), [
    400, 'say which one: ?upstream=NAME&target=URL, as GET /upstreams shows them'
  ])
  assert.deepEqual(await complaint(`upstream=users&${it}&state=ajar`), [400, '`state` must be open or closed'])
  assert.deepEqual(await complaint(`upstream=users&${it}&state=open&for=25h`), [400, '`for` must be a duration such as 10m, at most 24h'])
  assert.deepEqual(await complaint(`upstream=users&${it}&state=open&for=soon`), [400, '`for` must be a duration such as 10m, at most 24h'])
  assert.deepEqual(await complaint(`upstream=user&${it}&state=open`), [404, 'there is no upstream of this name; did you mean users?'])
  assert.deepEqual(await complaint('upstream=users&target=http://a.example&state=open'), [
    404, `the upstream has no such target; there are ${target.url}`
  ])
  assert.deepEqual(await complaint(`upstream=plain&${it}&state=open`), [
    409, `the upstream plain has no circuitBreaker; a drain keeps requests away from ${target.url} (POST /upstreams/plain/drain)`
  ])
})
