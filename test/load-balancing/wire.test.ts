/** Balancing as clients and targets see it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('thirty requests over three targets are ten for each', async t => {
  const targets = [await startTarget(t), await startTarget(t), await startTarget(t)]
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${targets.map(target => target.url).join(', ')}] } }
routes: [{ path: /*, upstream: users }]
`)
  await Promise.all(Array.from({ length: 30 }, async () => await (await fetch(url)).text()))
  assert.deepEqual(targets.map(target => target.hits.length), [10, 10, 10])
})

test('weights are heeded, and a reload goes on where the last configuration stood', async t => {
  const [a, b] = [await startTarget(t, (_request, response) => response.end('a')), await startTarget(t, (_request, response) => response.end('b'))]
  const yaml = `
upstreams: { users: { balance: weighted-round-robin, targets: [{ url: ${a.url}, weight: 3 }, ${b.url}] } }
routes: [{ path: /*, upstream: users }]
`
  const running = await startGateway(t, yaml)
  let answers = ''
  const ask = async () => { answers += await (await fetch(running.url)).text() }
  for (let count = 0; count < 3; count++) await ask()
  running.write(`${yaml}# touched\nx-touched: true\n`)
  await running.gateway.reload('test')
  for (let count = 0; count < 5; count++) await ask()
  assert.equal(answers, 'aabaaaba')
})
