/** What tasks promise. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskDefinition } from '../../src/contract/task.ts'
import { Holdings } from '../../src/state/holdings.ts'

/** A task whose messages are sent by hand. */
function bell () {
  const log: string[] = []
  let ring: (message: string) => void = () => {}
  const definition = (listener: string, key = 'door'): TaskDefinition<string> => ({
    kind: 'bell',
    key,
    start (publish) {
      log.push(`${key} started`)
      ring = publish
      return () => { log.push(`${key} stopped`) }
    },
    hear: message => { log.push(`${listener} heard ${message}`) }
  })
  return { definition, ring: (message: string) => ring(message), log: () => log.splice(0) }
}

test('a task starts when its generation is complete, once for all generations, and stops after the last one', async () => {
  const holdings = new Holdings()
  const { definition, log } = bell()
  const [first, second] = [holdings.hold(), holdings.hold()]
  first.task(definition('first'))
  first.task(definition('first'))
  assert.deepEqual(log(), [])
  first.start()
  assert.deepEqual(log(), ['door started'])
  second.task(definition('second'))
  second.start()
  await first.release()
  assert.deepEqual(log(), [])
  await second.release()
  assert.deepEqual([log(), holdings.size], [['door stopped'], 0])
})

test('a task of a generation that never is complete does not start, and one that runs does not hear it', async () => {
  const holdings = new Holdings()
  const { definition, ring, log } = bell()
  const [serving, rejected] = [holdings.hold(), holdings.hold()]
  serving.task(definition('serving'))
  serving.start()
  rejected.task(definition('rejected'))
  rejected.task(definition('rejected', 'window'))
  ring('one')
  await rejected.release()
  ring('two')
  assert.deepEqual(log(), ['door started', 'serving heard one', 'serving heard two'])
})

test('the newest generation hears, and when it ends the one before it', async () => {
  const holdings = new Holdings()
  const { definition, ring, log } = bell()
  const holders = ['first', 'second', 'third'].map(name => {
    const holder = holdings.hold()
    holder.task(definition(name))
    holder.start()
    return holder
  })
  ring('one')
  await holders[0]!.release()
  ring('two')
  await holders[2]!.release()
  ring('three')
  await holders[1]!.release()
  ring('four')
  assert.deepEqual(log(), ['door started', 'third heard one', 'third heard two', 'second heard three', 'door stopped'])
})

test('a task that is added to a complete generation starts at once, also in a holder inside it', async () => {
  const holdings = new Holdings()
  const { definition, log } = bell()
  const outer = holdings.hold()
  const before = outer.hold()
  before.task(definition('before', 'before'))
  outer.start()
  const after = outer.hold()
  after.task(definition('after', 'after'))
  assert.deepEqual(log(), ['before started', 'after started'])
  await before.release()
  assert.deepEqual(log(), ['before stopped'])
  await outer.release()
  assert.deepEqual(log(), ['after stopped'])
})

test('a task that stopped may start again', async () => {
  const holdings = new Holdings()
  const { definition, log } = bell()
  for (let round = 0; round < 2; round++) {
    const holder = holdings.hold()
    holder.task(definition('one'))
    holder.start()
    await holder.release()
    assert.deepEqual(log(), ['door started', 'door stopped'])
  }
})

test('tasks stop before resources close, and one that fails keeps nothing open', async () => {
  const holdings = new Holdings()
  const log: string[] = []
  const holder = holdings.hold()
  holder.resource({ kind: 'client', key: '', create: () => 'client', close: () => { log.push('closed') } })
  holder.task({
    kind: 'slow',
    key: '',
    start: () => async () => {
      await Promise.resolve()
      log.push('stopped')
      throw new Error('stuck')
    }
  })
  holder.start()
  await assert.rejects(holder.release(), /stuck/)
  assert.deepEqual([log, holdings.size], [['stopped', 'closed'], 0])
})

test('a task that cannot start is an error of the configuration, and may be tried again', async () => {
  const holdings = new Holdings()
  const { definition, log } = bell()
  const holder = holdings.hold()
  holder.task({ ...definition('one'), start: () => { throw new Error('no timer left') } })
  assert.throws(() => holder.start(), /no timer left/)
  await holder.release()
  assert.deepEqual([log(), holdings.size], [[], 0])
})

test('a task of a rehearsal never starts', async () => {
  const holdings = new Holdings()
  const { definition, log } = bell()
  const rehearsal = holdings.fork()
  rehearsal.task(definition('one'))
  rehearsal.hold().task(definition('two'))
  await rehearsal.release()
  assert.deepEqual([log(), holdings.size], [[], 0])
})
