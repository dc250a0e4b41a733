/** How many configurations a gateway keeps, and how much of them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig, type Loaded } from '../../src/config/load.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ReloadHistory } from '../../src/gateway/reload-history.ts'
import { startGateway } from '../helpers/gateway.ts'

async function given (text: string): Promise<{ readonly loaded: Loaded, readonly source: { content: string, folder: string } }> {
  const source = { content: `routes: [{ path: /, respond: { text: "${text}" } }]`, folder: '.' }
  return { loaded: await loadConfig(source, { env: {}, rootPlugins }), source }
}

test('so many configurations that served are kept and as many that were refused, and always the one that serves', async () => {
  const history = new ReloadHistory({ records: 2, characters: Infinity })
  const { loaded, source } = await given('x')
  history.took(loaded, source, { trigger: 'start', at: 0, generation: 1 })
  for (let number = 2; number <= 6; number++) history.refused(['no'], { trigger: 'file', at: number })
  assert.deepEqual(history.records.map(({ number }) => number), [1, 5, 6])
  for (let generation = 2; generation <= 4; generation++) history.took(loaded, source, { trigger: 'file', at: 0, generation })
  assert.deepEqual(history.records.map(({ number }) => number), [5, 6, 8, 9])
  assert.deepEqual([history.kept(7), history.kept(6)], [undefined, undefined])
  assert.deepEqual(history.kept(8)!.source, source)
})

test('the oldest configurations are forgotten when all together are too large, but never the one that serves', async () => {
  const history = new ReloadHistory({ records: 20, characters: 50_000 })
  for (let generation = 1; generation <= 4; generation++) {
    const { loaded, source } = await given('x'.repeat(20_000))
    history.took(loaded, source, { trigger: 'file', at: 0, generation })
    await history.settle()
  }
  assert.deepEqual(history.records.map(({ number }) => number), [4])
  assert.ok(history.kept(4))
  history.refused(['no'], { trigger: 'file', at: 0 })
  assert.deepEqual(history.records.map(({ number }) => number), [4, 5])
})

test('what was written down stays as it was, however often it is asked for', async () => {
  const history = new ReloadHistory()
  const { loaded, source } = await given('one')
  history.took(loaded, source, { trigger: 'start', at: 0, generation: 1 })
  const [first, again] = await Promise.all([history.effective(1), history.effective(1)])
  assert.deepEqual(first!.value, again!.value)
  assert.match(await first!.yaml(), /^ +text: one$/m)
  assert.equal(await first!.yaml({ routes: [] }), 'routes: []\n')
  assert.equal(await history.effective(2), undefined)
})

test('reloads and restores that are asked for at once run one after the other, and the last one asked for serves', async t => {
  const text = (one: string): string => `routes: [{ path: /, respond: { text: "${one}" } }]`
  const { gateway, url, write } = await startGateway(t, text('one'))
  write(text('two'))
  const why = { by: 'test', via: 'loopback', reason: undefined } as const
  const all = [gateway.reload('test'), gateway.restore(1, why), gateway.reload('test'), gateway.restore(1, why), gateway.restore(1, why)]
  assert.deepEqual((await Promise.all(all)).map(({ ok }) => ok), [true, true, true, true, true])
  assert.equal(await (await fetch(url)).text(), 'one')
  assert.deepEqual(gateway.history.records.map(({ trigger }) => trigger), ['start', 'test', 'test', 'restore', 'restore', 'restore'])
  await assert.rejects(gateway.restore(99, why), RangeError)
})
