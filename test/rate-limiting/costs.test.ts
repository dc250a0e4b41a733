import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'

test('a cost must be that of a route, by its name, and one that every limit and tier lets through', async t => {
  const problems = async (options: string): Promise<string> => {
    try {
      await startGateway(
        t,
        `policies: { limit: { plugin: rate-limiting, ${options} } }\nroutes: [{ path: /export, name: export, respond: {}, policies: ` +
          '[limit] }, { path: /plain, respond: {}, policies: [limit] }]'
      )
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  for (const sound of [
    'limit: 10/s, cost: { export: 10, /plain: 0 }',
    'limit: 3, algorithm: concurrency, cost: { export: 5 }',
    'limit: 10/s, tiers: { by: "header:x", gold: { limit: 20/s } }, cost: { export: 10 }'
  ]) assert.equal(await problems(sound), '', sound)
  assert.match(await problems('limit: 10/s, cost: { /export: 1 }'), /no route has the name or path "\/export"/)
  assert.match(await problems('limit: 10/s, cost: { export: 11 }'), /is more than the limit ever lets through at once, which is 10/)
  assert.match(await problems('limit: 10/s, burst: 4, cost: { export: 5 }'), /which is 4/)
  assert.match(await problems('limit: 10/s, tiers: { by: "header:x", few: { limit: 2/s } }, cost: { export: 3 }'), /which is 2/)
})
