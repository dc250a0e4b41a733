/** Traces in formats other than W3C, and baggage. */

import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test, type TestContext } from 'node:test'
import { readBaggage } from '../../plugins/core/tracing/baggage.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'

async function forwarded (t: TestContext, tracing: string, headers: Record<string, string>): Promise<IncomingHttpHeaders> {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `tracing: { sample: 0, ${tracing} }\nroutes: [{ path: /*, target: "${target.url}" }]`)
  await (await fetch(url, { headers })).text()
  return target.hits[0]!.headers
}

test('S1-56: B3 in one field goes on, also with an id of 64 bits', async t => {
  const { b3, traceparent } = await forwarded(t, 'propagation: [b3-single]', { b3: `${trace}-${caller}-1-${caller}` })
  assert.match(String(b3), new RegExp(`^${trace}-(?!${caller})[0-9a-f]{16}-1$`))
  assert.equal(traceparent, undefined)
  const short = await forwarded(t, 'propagation: [b3-single]', { b3: `${caller}-${caller}-d` })
  assert.match(String(short['b3']), new RegExp(`^0{16}${caller}-[0-9a-f]{16}-1$`))
})

test('B3 in several fields goes on, and only the gateway\'s are sent', async t => {
  const headers = await forwarded(t, 'propagation: [b3]', {
    'x-b3-traceid': trace,
    'x-b3-spanid': caller,
    'x-b3-parentspanid': caller,
    'x-b3-flags': '1'
  })
  assert.equal(headers['x-b3-traceid'], trace)
  assert.match(String(headers['x-b3-spanid']), new RegExp(`^(?!${caller})[0-9a-f]{16}$`))
  assert.deepEqual([headers['x-b3-sampled'], headers['x-b3-parentspanid'], headers['x-b3-flags']], ['1', undefined, undefined])
})

test('of several formats the first that is there is read, and all are written', async t => {
  const headers = await forwarded(t, 'propagation: [w3c, b3-single, b3]', { b3: `${trace}-${caller}-1` })
  assert.match(String(headers['traceparent']), new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`))
  const spanId = String(headers['traceparent']).slice(36, 52)
  assert.deepEqual([headers['b3'], headers['x-b3-traceid'], headers['x-b3-spanid']], [`${trace}-${spanId}-1`, trace, spanId])
})

test('a mark without ids decides about the trace that begins here', async t => {
  assert.match(String((await forwarded(t, 'propagation: [w3c, b3-single]', { b3: '1' }))['traceparent']), /-01$/)
  assert.match(String((await forwarded(t, 'propagation: [w3c, b3]', { 'x-b3-sampled': '1' }))['traceparent']), /-01$/)
})

for (const b3 of [
  '', '2', `${trace}-${caller}-x`, `${trace}-${'0'.repeat(16)}-1`, `${'0'.repeat(32)}-${caller}-1`,
  `${trace}${caller}-1`, `${trace}-${caller}-1-`
]) {
  test(`a broken b3 "${b3}" is replaced`, async t => {
    const headers = await forwarded(t, 'propagation: [b3-single]', { b3 })
    assert.match(String(headers['b3']), /^[0-9a-f]{32}-[0-9a-f]{16}-0$/)
    assert.doesNotMatch(String(headers['b3']), new RegExp(trace))
  })
}

test('what is not listed passes as it is', async t => {
  const headers = await forwarded(t, 'propagation: [w3c]', { b3: 'anything', baggage: 'a=1;;' })
  assert.deepEqual([headers['b3'], headers['baggage']], ['anything', 'a=1;;'])
})

test('baggage is passed on in whole, well-formed members', async t => {
  const list = 'propagation: [w3c, baggage]'
  assert.equal(
    (await forwarded(t, list, { baggage: 'user=ada;p=1;q , broken, =x, tenant=a%20b,bad="q"' }))['baggage'],
    'user=ada;p=1;q,tenant=a%20b'
  )
  assert.equal((await forwarded(t, list, { baggage: 'nothing here' }))['baggage'], undefined)
  assert.equal((await forwarded(t, `${list}, accept: never`, { baggage: 'user=ada' }))['baggage'], undefined)
})

test('baggage beyond the limits is left out', () => {
  const many = readBaggage(Array.from({ length: 100 }, (_, index) => `k${index}=v`).join(','))!
  assert.deepEqual([many.split(',').length, many.split(',')[63]], [64, 'k63=v'])
  assert.equal(readBaggage(`big=${'x'.repeat(9000)},small=1`), 'small=1')
  assert.equal(readBaggage(`a=${'x'.repeat(5000)},b=${'y'.repeat(5000)},c=1`), `a=${'x'.repeat(5000)},c=1`)
})

test('of several formats that a caller speaks the first of the file counts', async t => {
  const other = 'f'.repeat(32)
  const said = { traceparent: `00-${trace}-${caller}-01`, b3: `${other}-${caller}-1` }
  assert.ok(String((await forwarded(t, 'propagation: [w3c, b3-single]', said))['b3']).startsWith(trace))
  assert.ok(String((await forwarded(t, 'propagation: [b3-single, w3c]', said))['b3']).startsWith(other))
})
