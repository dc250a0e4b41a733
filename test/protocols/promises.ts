/** What holds for every protocol: the columns of the table. */

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { send } from '../helpers/client.ts'
import { pathOf, type Method } from './protocol.ts'
import { key, type World } from './world.ts'

/** A column: a promise, and how a client of any protocol sees that it is kept. */
export interface Column {
  readonly name: string
  readonly check: (t: TestContext, world: World) => Promise<void>
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'

/** In this order, because the last ones change the gateway and stop it. */
export const promises: readonly Column[] = [
  {
    name: 'routed',
    async check (t, { protocol, service, door }) {
      assert.equal((await protocol.call(t, door, 'Open')).ok, true)
      assert.equal(service.calls.at(-1)!.method, 'Open')
      const missing = await protocol.call(t, door, 'Fresh')
      assert.deepEqual(missing, { status: protocol.refusals.unrouted, ok: false })
    }
  },
  {
    name: 'identity enforced',
    async check (t, { protocol, service, door }) {
      const before = service.calls.length
      for (const fields of [{}, { 'x-api-key': 'wrong' }]) {
        assert.deepEqual(await protocol.call(t, door, 'Secured', fields), { status: protocol.refusals.unauthenticated, ok: false })
      }
      assert.equal(service.calls.length, before)
      assert.equal((await protocol.call(t, door, 'Secured', { 'x-api-key': key })).ok, true)
    }
  },
  {
    name: 'limit enforced',
    async check (t, { protocol, door }) {
      assert.equal((await protocol.call(t, door, 'Limited')).ok, true)
      assert.deepEqual(await protocol.call(t, door, 'Limited'), { status: protocol.refusals.limited, ok: false })
    }
  },
  {
    name: 'identity headers stripped',
    async check (t, { protocol, service, door }) {
      const forged = { 'x-user': 'root', 'client-cert': ':AAAA:', 'x-forwarded-for': '10.0.0.1', 'x-real-ip': '10.0.0.1' }
      assert.equal((await protocol.call(t, door, 'Secured', { 'x-api-key': key, ...forged })).ok, true)
      const { fields } = service.calls.at(-1)!
      assert.deepEqual(
        [fields['x-user'], fields['client-cert'], fields['x-forwarded-for'], fields['x-real-ip'], fields['x-api-key']],
        ['robot', undefined, '127.0.0.1', undefined, undefined]
      )
      assert.equal((await protocol.call(t, door, 'Open', forged)).ok, true)
      assert.equal(service.calls.at(-1)!.fields['x-user'], undefined)
    }
  },
  {
    name: 'traced',
    async check (t, { protocol, service, door, gateway, collector }) {
      assert.equal((await protocol.call(t, door, 'Open', { traceparent: `00-${traceId}-${caller}-01` })).ok, true)
      const [server, attempt, ...more] = await collector.received(2)
      assert.deepEqual([server!.traceId, attempt!.traceId, more], [traceId, traceId, []])
      assert.deepEqual([server!.parentSpanId, attempt!.parentSpanId], [caller, server!.spanId])
      assert.equal(service.calls.at(-1)!.fields['traceparent'], `00-${traceId}-${attempt!.spanId}-01`)
      await gateway.logged(line => line['traceId'] === traceId)
    }
  },
  {
    name: 'logged',
    async check (t, { protocol, door, gateway }) {
      const id = `table-${protocol.name.replace(/\W+/g, '-')}`
      assert.equal((await protocol.call(t, door, 'Open', { 'x-request-id': id })).ok, true)
      const line = await gateway.logged(({ requestId }) => requestId === id)
      assert.deepEqual([line['msg'], line['path'], line['attempts']], ['request completed', pathOf('Open'), 1])
      assert.equal(gateway.logs.filter(({ requestId }) => requestId === id).length, 1)
    }
  },
  {
    name: 'metrics',
    async check (t, { protocol, door, gateway }) {
      const before = await requestsOf(gateway.admin, 'Open')
      for (let count = 0; count < 3; count++) await protocol.call(t, door, 'Open')
      while (await requestsOf(gateway.admin, 'Open') < before + 3);
      assert.equal(await requestsOf(gateway.admin, 'Open'), before + 3)
    }
  },
  {
    name: 'explain',
    async check (_t, { protocol: { request: { method, headers } }, service, gateway }) {
      const before = service.calls.length
      const ask = async (fields: Readonly<Record<string, string>>) =>
        await gateway.gateway.explain({ method, url: pathOf('Secured'), headers: { ...headers, ...fields } })
      const refused = await ask({})
      assert.deepEqual(refused.decisions.find(({ by }) => by === 'keys')?.verdict, 'refused')
      assert.equal(refused.outcome.code, 'missing-token')
      const admitted = await ask({ 'x-api-key': key })
      assert.deepEqual([admitted.outcome.target, admitted.outcome.forwards?.path], [service.url, pathOf('Secured')])
      assert.equal(service.calls.length, before)
    }
  },
  {
    name: 'breaker and retry',
    async check (t, { protocol, door, gateway }) {
      for (let count = 0; count < 6; count++) assert.equal((await protocol.call(t, door, 'Flaky')).ok, true)
      const { text } = await send(gateway.admin, '/metrics')
      assert.match(text, /^gateway_circuit_state\{[^}]*upstream="flaky"[^}]*\} 1$/m)
    }
  },
  {
    name: 'survives reload',
    async check (t, { protocol, service, door, reload }) {
      const held = await protocol.hold(t, door)
      service.push('before')
      assert.equal(await held.next(), 'before')
      await reload(['Fresh'])
      assert.equal((await protocol.call(t, door, 'Fresh')).ok, true)
      service.push('after')
      assert.equal(await held.next(), 'after')
      service.finish()
      assert.equal(await held.ended, 'complete')
    }
  },
  {
    name: 'survives certificate swap',
    async check (t, { protocol, service, door, swapCertificate }) {
      const held = await protocol.hold(t, door)
      await swapCertificate()
      assert.equal((await protocol.call(t, door, 'Open')).ok, true)
      service.push('after')
      assert.equal(await held.next(), 'after')
      service.finish()
      assert.equal(await held.ended, 'complete')
    }
  },
  {
    name: 'drained',
    async check (t, { protocol, service, door, gateway }) {
      const held = await protocol.hold(t, door)
      const down = gateway.gateway.shutdown()
      await gateway.logged(({ msg }) => msg === 'draining connections')
      assert.equal(await takesConnections(door.url), false)
      if (protocol.drained === 'complete') {
        service.push('after')
        assert.equal(await held.next(), 'after')
        service.finish()
      }
      assert.equal(await held.ended, protocol.drained)
      await down
    }
  }
]

async function requestsOf (admin: string, method: Method): Promise<number> {
  const { text } = await send(admin, '/metrics')
  let sum = 0
  for (const [, labels, value] of text.matchAll(/^gateway_requests_total\{(.*)\} (\d+)$/gm)) {
    if (labels!.includes(pathOf(method).slice(1))) sum += Number(value)
  }
  return sum
}

async function takesConnections (url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
