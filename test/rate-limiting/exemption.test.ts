import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileExemption } from '../../plugins/policies/rate-limiting/exemption.ts'
import type { Exchange } from '../../src/contract/exchange.ts'

const exchange = (
  plan: string,
  clientIp = '203.0.113.1',
  peer = '203.0.113.2'
): Exchange => ({ clientIp, peer, request: { claims: { plan } } }) as unknown as Exchange

test('who is exempt by a value has the whole value and no more; one with an equals sign is one', () => {
  const exemption = compileExemption(['claim:plan=internal', 'claim:plan=a=b'])!
  assert.deepEqual(
    ['internal', 'internal2', 'inter', '', 'a=b', 'a'].map(plan => exemption(exchange(plan))),
    ['its claim:plan is exempt', undefined, undefined, undefined, 'its claim:plan is exempt', undefined]
  )
})

test('who is exempt by network is so by the address of the client, not of the proxy before the gateway', () => {
  const exemption = compileExemption(['10.0.0.0/8', 'claim:plan=internal'])!
  assert.equal(exemption(exchange('', '10.1.1.1')), 'its address is exempt')
  assert.equal(exemption(exchange('', '203.0.113.1', '10.1.1.1')), undefined)
  assert.equal(compileExemption([]), undefined)
})
