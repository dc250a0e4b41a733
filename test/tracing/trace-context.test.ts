/** How a trace goes on through the gateway (W3C Trace Context). */

import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'

/** What reaches the service of a request with these headers. */
async function forwarded (t: TestContext, sample: number, headers: Record<string, string>): Promise<IncomingHttpHeaders> {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `tracing: { sample: ${sample} }\nroutes: [{ path: /*, target: "${target.url}" }]`)
  await (await fetch(url, { headers })).text()
  return target.hits[0]!.headers
}

test('a trace of the caller goes on with a span of the gateway', async t => {
  const { traceparent, tracestate } = await forwarded(t, 0, { traceparent: `00-${trace}-${caller}-01`, tracestate: 'vendor=1,other=2' })
  assert.match(String(traceparent), new RegExp(`^00-${trace}-(?!${caller})[0-9a-f]{16}-01$`))
  assert.equal(tracestate, 'vendor=1,other=2')
})

test('the caller\'s word on sampling holds, whatever the share here', async t => {
  assert.match(String((await forwarded(t, 1, { traceparent: `00-${trace}-${caller}-00` }))['traceparent']), /-00$/)
})

test('a request without a trace begins one', async t => {
  const { traceparent, tracestate } = await forwarded(t, 1, {})
  assert.match(String(traceparent), /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/)
  assert.equal(tracestate, undefined)
  assert.match(String((await forwarded(t, 0, {}))['traceparent']), /-00$/)
})

for (const [what, value] of [
  ['of a wrong length', `00-${trace}-${caller}-1`],
  ['in capitals', `00-${trace.toUpperCase()}-${caller}-01`],
  ['with a trace of zeros', `00-${'0'.repeat(32)}-${caller}-01`],
  ['of the forbidden version', `ff-${trace}-${caller}-01`]
] as const) {
  test(`a traceparent ${what} is replaced, and tracestate with it`, async t => {
    const { traceparent, tracestate } = await forwarded(t, 0, { traceparent: value, tracestate: 'vendor=1' })
    assert.match(String(traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    assert.doesNotMatch(String(traceparent), new RegExp(trace, 'i'))
    assert.equal(tracestate, undefined)
  })
}

test('a broken tracestate is dropped and the trace goes on', async t => {
  const { traceparent, tracestate } = await forwarded(t, 0, { traceparent: `00-${trace}-${caller}-01`, tracestate: 'no equals sign' })
  assert.match(String(traceparent), new RegExp(`^00-${trace}-`))
  assert.equal(tracestate, undefined)
})

for (const [sample, point, flags] of [[0, 0, '00'], [0.5, 0.5, '00'], [0.5, 0.499, '01'], [1, 1 - Number.EPSILON, '01']] as const) {
  test(`a share of ${sample} and the number ${point} give the flags ${flags}`, async t => {
    const target = await startTarget(t)
    const { url } = await startGateway(
      t,
      `tracing: { sample: ${sample} }\nroutes: [{ path: /*, target: "${target.url}" }]`,
      { random: () => point }
    )
    await (await fetch(url)).text()
    assert.equal(String(target.hits[0]!.headers['traceparent']).slice(-2), flags)
  })
}
