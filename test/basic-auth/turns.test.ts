/** Dear work in turns: few at once, a bounded queue, not all for one client. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Semaphore } from '../../plugins/policies/basic-auth/semaphore.ts'

interface Job {
  readonly result: Promise<string> | undefined
  readonly finish: () => void
  readonly begun: () => boolean
}

function job (turns: Semaphore, client: string, name: string, log: string[]): Job {
  const { promise, resolve } = Promise.withResolvers<string>()
  let begun = false
  const result = turns.take(client, async () => {
    begun = true
    log.push(name)
    return await promise
  })
  return { result, finish: () => resolve(name), begun: () => begun }
}

test('at most so many at once; the others wait and come in their order', async () => {
  const turns = new Semaphore({ atOnce: 2, waiting: 2, each: 10 })
  const log: string[] = []
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(name => job(turns, name, name, log)) as [Job, Job, Job, Job, Job]
  assert.deepEqual([log, turns.waiting, e.result], [['a', 'b'], 2, undefined])
  b.finish()
  assert.equal(await b.result, 'b')
  a.finish()
  await a.result
  c.finish()
  d.finish()
  assert.deepEqual([await c.result, await d.result, log, turns.waiting], ['c', 'd', ['a', 'b', 'c', 'd'], 0])
})

test('one client gets no more than its share, and gets it again when its work is done', async () => {
  const turns = new Semaphore({ atOnce: 1, waiting: 10, each: 2 })
  const log: string[] = []
  const jobs = ['a1', 'a2', 'a3'].map(name => job(turns, 'a', name, log))
  const other = job(turns, 'b', 'b1', log)
  assert.equal(jobs[2]!.result, undefined)
  for (const { finish, result } of [...jobs, other]) {
    finish()
    await result
  }
  assert.deepEqual(log, ['a1', 'a2', 'b1'])
  assert.notEqual(job(turns, 'a', 'a4', log).result, undefined)
})

test('work that fails gives its turn on', async () => {
  const turns = new Semaphore({ atOnce: 1, waiting: 10, each: 10 })
  const failed = turns.take('a', async () => { throw new Error('no memory') })
  const next = turns.take('b', async () => 'done')
  await assert.rejects(failed!, /no memory/)
  assert.equal(await next, 'done')
})
