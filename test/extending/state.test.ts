/** State of a user's plugin: it lives in cells, outlives reloads and is never changed by a rehearsal. */

import assert from 'node:assert/strict'
import test from 'node:test'
import { startProject } from './project.ts'

const visits = `
import { Type } from 'onedoor'
export const config = { options: Type.Object({ step: Type.Integer() }, { additionalProperties: false }) }
export default async function visits (app, { step, policy }) {
  const visits = app.gateway.state({ kind: 'visits', key: policy, options: { step }, cells: 1 })
  app.addHook('onRequest', async (request, reply) => {
    visits[0] += step
    reply.header('x-visits', visits[0])
    request.exchange.decisions?.push({ by: policy, verdict: 'counted', why: 'visit ' + visits[0] })
  })
}
`

const yaml = (step: number, greeting: string): string => `
policies: { visits: { plugin: ./visits.ts, step: ${step} } }
routes: [{ path: /, respond: { text: ${greeting} }, policies: [visits] }]
`

const count = async (url: string): Promise<string | null> => (await fetch(url)).headers.get('x-visits')

test('the state of a plugin survives a reload, and begins anew when its options change', async t => {
  const { gateway, url, write } = await startProject(t, yaml(1, 'hello'), { 'visits.ts': visits })
  assert.equal(await count(url), '1')
  assert.equal(await count(url), '2')
  write(yaml(1, 'welcome'))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(await count(url), '3')
  write(yaml(10, 'welcome'))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(await count(url), '10')
})

test('a rehearsal sees today\'s state of a plugin and changes nothing', async t => {
  const { gateway, url } = await startProject(t, yaml(1, 'hello'), { 'visits.ts': visits })
  assert.equal(await count(url), '1')
  for (let time = 0; time < 3; time++) {
    const { decisions } = await gateway.explain({ method: 'GET', url: '/' })
    assert.deepEqual(decisions, [{ by: 'visits', verdict: 'counted', why: 'visit 2' }])
  }
  assert.equal(await count(url), '2')
})
