/** From a slow bucket to the trace of a request that fell into it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantsOpenMetrics } from '../../plugins/core/metrics/open-metrics.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const accept = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
  'text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

/** Metrics as OpenMetrics. */
async function open (base: string, path = '/metrics'): Promise<string> {
  const answer = await fetch(base + path, { headers: { accept } })
  assert.equal(answer.headers.get('content-type'), 'application/openmetrics-text; version=1.0.0; charset=utf-8')
  assert.equal(answer.headers.get('vary'), 'accept')
  return await answer.text()
}

for (const listener of ['admin', 'public'] as const) {
  test(`buckets name the trace of the last sampled request for a scraper that reads OpenMetrics, on the ${listener} listener`, async t => {
    const target = await startTarget(t)
    const { url, admin } = await startGateway(
      t,
      `metrics: { listener: ${listener}, naming: both }\nroutes: [{ path: /a, target: "${target.url}" }]`
    )
    const base = listener === 'admin' ? admin : url
    for (const id of ['1', '2']) {
      await (await fetch(`${url}/a`, { headers: { traceparent: `00-${traceId.slice(0, -1)}${id}-b7ad6b7169203331-01` } })).text()
    }
    const text = await open(base)
    for (const name of [
      'gateway_request_duration_seconds', 'gateway_overhead_seconds', 'http_request_duration_seconds',
      'http_server_request_duration_seconds', 'http_client_request_duration_seconds'
    ]) {
      assert.match(
        text,
        new RegExp(
          `^${name}_bucket\\{.*le="[^"]+"\\} \\d # \\{trace_id="${traceId.slice(0, -1)}[12]",span_id="[0-9a-f]{16}"\\} \\S+ ` +
            `\\d{10}\\.?\\d*$`,
          'm'
        ),
        name
      )
    }
    assert.ok(text.endsWith('# EOF\n'))
  })
}

test('a request that is not sampled leaves no trace, and plain text has no exemplars', async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /a, respond: {} }]')
  await fetch(`${url}/a`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-00` } })
  assert.doesNotMatch(await open(admin), /trace_id/)
  await fetch(`${url}/a`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
  const plain = await (await fetch(`${admin}/metrics`)).text()
  assert.doesNotMatch(plain, /trace_id/)
  assert.match(await open(admin), new RegExp(traceId))
})

test('names are the same before and after a scrape in the other format', async t => {
  const { admin } = await startGateway(t, 'routes: [{ path: /a, respond: {} }]')
  const names = async (text: Promise<string>): Promise<string[]> => [...new Set(
    [...(await text).matchAll(/^([a-z]\w*)/gm)].map(([name]) => name)
  )].sort()
  const plain = async (): Promise<string> => await (await fetch(`${admin}/metrics`)).text()
  const before = await names(plain())
  assert.deepEqual(await names(open(admin)), before)
  assert.deepEqual(await names(plain()), before)
})

test('OpenMetrics is for who asks for it by name', () => {
  const wanted = [
    undefined,
    '*/*',
    'text/plain',
    'application/openmetrics-text;q=0',
    'text/plain, application/openmetrics-text;q=0.5',
    'application/openmetrics-text',
    accept,
    'APPLICATION/OpenMetrics-Text ; q=1,text/plain;q=1'
  ]
  assert.deepEqual(wanted.map(wantsOpenMetrics), [false, false, false, false, false, true, true, true])
})
