/** Breaking as clients and targets see it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('an open breaker keeps requests from its target, tries it with one of 50, and closes again', async t => {
  let status = 503
  const held: (() => void)[] = []
  let hold = false
  const target = await startTarget(t, (_request, response) => {
    const answer = () => { response.writeHead(status).end() }
    if (hold) held.push(answer)
    else answer()
  })
  let time = 0
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], circuitBreaker: { failures: 3, openFor: 10s } } }
routes: [{ path: /*, upstream: users }]
`, { clock: { now: () => time, wall: () => Date.now() } })
  const ask = async () => {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response
  }

  for (let count = 0; count < 3; count++) assert.equal((await ask()).status, 503)
  const refused = await ask()
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '10'])
  assert.equal(target.hits.length, 3)

  time = 10_000
  status = 200
  hold = true
  // The one that is let through waits for its target; only when all others have been refused is it answered.
  let refusals = 0
  const answers = await Promise.all(Array.from({ length: 50 }, async () => {
    const response = await ask()
    if (response.status === 503 && ++refusals === 49) for (const answer of held) answer()
    return response.status
  }))
  assert.equal(answers.filter(answer => answer === 200).length, 1)
  assert.equal(target.hits.length, 4)
  hold = false
  assert.equal((await ask()).status, 200)
})

test('while one target is broken, clients are served by the other', async t => {
  const broken = await startTarget(t, request => { request.socket.destroy() })
  const good = await startTarget(t)
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [${broken.url}, ${good.url}], circuitBreaker: { failures: 2 } } }
routes: [{ path: /*, upstream: users }]
`)
  for (let count = 0; count < 10; count++) assert.equal((await fetch(gateway.url)).status, 200)
  const { target, why } = await gateway.logged(line => line.msg === 'circuit opened')
  assert.deepEqual([target, why], [broken.url, '2 failures in a row, last: connection-terminated'])
  assert.equal(broken.hits.length, 2)
})
