import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OneAtATime } from '../../src/scheduling/one-at-a-time.ts'
import { startGateway } from '../helpers/gateway.ts'

test('one runs at a time, in the order in which they came, and one that fails holds up none', async () => {
  const turns = new OneAtATime(3)
  const log: string[] = []
  const work = async (name: string, fails = false): Promise<void> => await turns.run(async () => {
    log.push(`${name} begins`)
    await new Promise(resolve => { setImmediate(resolve) })
    log.push(`${name} ends`)
    if (fails) throw new Error('no')
  })
  const results = await Promise.allSettled([work('a'), work('b', true), work('c'), work('d')])
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'rejected'])
  assert.equal((results[3] as PromiseRejectedResult & { reason: { reason: { code: string } } }).reason.reason.code, 'overloaded')
  await work('e')
  assert.equal(log.at(-1), 'e ends')
})

test('after ten milliseconds of work it rests for three times as long, a second at most, and keeps no process alive', async t => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const turns = new OneAtATime(10)
  const log: string[] = []
  const work = (name: string, takes: number): void => { void turns.run(async () => { log.push(name); now += takes }) }
  const after = async (ms: number): Promise<string> => {
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 6; turn++) await new Promise(resolve => { setImmediate(resolve) })
    return log.join('')
  }
  for (const [name, takes] of [['a', 4], ['b', 5], ['c', 1], ['d', 5000], ['e', 0]] as const) work(name, takes)
  assert.deepEqual(
    [await after(0), await after(29), await after(1), await after(999), await after(1)],
    ['abc', 'abc', 'abcd', 'abcd', 'abcde']
  )
  t.mock.timers.reset()
  const before = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  await new OneAtATime(1).run(async () => { now += 5000 })
  assert.ok(process.getActiveResourcesInfo().filter(name => name === 'Timeout').length <= before)
})

test('a page that asks for many rehearsals gets some, and 503 for the rest', async t => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const files = { 'slow.mjs': 'export default async app => { app.addHook("onRequest", async () => await app.gateway.env.slow) }\n' }
  const yaml = 'policies: { slow: { plugin: ./slow.mjs } }\nroutes: [{ path: /, respond: {}, policies: [slow] }]'
  const door = await startGateway(t, yaml, { files, env: { slow: promise as never } })
  let refusals = 0
  const answers = await Promise.all(Array.from({ length: 40 }, async () => {
    const answer = await fetch(`${door.admin}/explain?url=/`)
    if (answer.status === 503 && ++refusals === 24) resolve()
    return answer
  }))
  const refused = answers.filter(({ status }) => status === 503)
  assert.equal(refused.length, 24)
  assert.equal(refused[0]!.headers.get('retry-after'), '1')
  assert.equal((await refused[0]!.json() as { code: string }).code, 'overloaded')
  assert.equal(answers.filter(({ status }) => status === 200).length, 40 - refused.length)
})
