/** What tasks promise when several threads serve: they run once, and all learn. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskDefinition } from '../../src/contract/task.ts'
import { linkedHoldings } from './linked.ts'

/** A task whose messages are sent by hand, and what became of it. */
function bell () {
  const log: string[] = []
  let ring: (message: unknown) => void = () => {}
  const definition = (thread: string, more: Partial<TaskDefinition<unknown, string>> = {}): TaskDefinition<unknown, string> => ({
    kind: 'bell',
    key: 'door',
    start (publish) {
      log.push(`started in ${thread}`)
      ring = publish
      return {
        stop: () => { log.push(`stopped in ${thread}`) },
        answer: question => {
          log.push(`asked ${question}`)
          publish(`answer to ${question}`)
        }
      }
    },
    learn: message => { log.push(`${thread} learned ${String(message)}`) },
    ...more
  })
  return { definition, ring: (message: unknown) => ring(message), log: () => log.splice(0) }
}

test('a task runs once, in the control thread, and every thread learns what it publishes', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  const threads = [control, join().holdings, join().holdings].map((holdings, number) => {
    const holder = holdings.hold()
    holder.task(definition(`thread ${number}`))
    holder.start()
    return holder
  })
  ring('one')
  await arrived()
  assert.deepEqual(log(), ['started in thread 0', 'thread 0 learned one', 'thread 1 learned one', 'thread 2 learned one'])
  for (const holder of threads) await holder.release()
  assert.deepEqual(log(), ['stopped in thread 0'])
})

test('what happens once is heard once, in the thread where the task runs', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring } = bell()
  const heard: string[] = []
  for (const [number, holdings] of [control, join().holdings, join().holdings].entries()) {
    const holder = holdings.hold()
    holder.task(definition(`thread ${number}`, { hear: message => { heard.push(`thread ${number} heard ${String(message)}`) } }))
    holder.start()
  }
  ring('one')
  await arrived()
  assert.deepEqual(heard, ['thread 0 heard one'])
})

test('a thread that comes later learns the last message before its generation is complete', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  const holder = control.hold()
  holder.task(definition('control'))
  holder.start()
  ring('one')
  ring('two')
  log()
  const late = join()
  await arrived()
  const generation = late.holdings.hold()
  generation.task(definition('late'))
  generation.start()
  assert.deepEqual(log(), ['late learned two'])
})

test('a generation that begins before the task runs learns its first message', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  const early = join().holdings.hold()
  early.task(definition('early'))
  early.start()
  const holder = control.hold()
  holder.task(definition('control'))
  holder.start()
  ring('one')
  await arrived()
  assert.deepEqual(log(), ['started in control', 'control learned one', 'early learned one'])
})

test('of several generations all learn, so that one which never serves takes nothing from the others', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  const { holdings } = join()
  const hold = (name: string) => {
    const holder = (name === 'control' ? control : holdings).hold()
    holder.task(definition(name))
    holder.start()
    return holder
  }
  hold('control')
  hold('serving')
  const dropped = hold('dropped')
  ring('one')
  await arrived()
  await dropped.release()
  ring('two')
  await arrived()
  assert.deepEqual(log().slice(1), [
    'control learned one', 'serving learned one', 'dropped learned one', 'control learned two', 'serving learned two'
  ])
})

test('an answer arrives after what was published before it', async t => {
  const { control, join } = linkedHoldings(t)
  const { definition, log } = bell()
  const holder = control.hold()
  holder.task(definition('control'))
  holder.start()
  const thread = join().holdings.hold()
  const { ask } = thread.task(definition('thread'))
  thread.start()
  await ask('look again')
  assert.deepEqual(log().slice(1), [
    'asked look again', 'control learned answer to look again', 'thread learned answer to look again'
  ])
})

test('a question to a task that does not run, or whose thread has gone, is answered at once', async t => {
  const { join } = linkedHoldings(t)
  const { definition } = bell()
  const { holdings, link } = join()
  const { ask } = holdings.hold().task(definition('thread'))
  await ask('now')
  link.close(new Error('gone'))
  await ask('later')
})

test('what a task has published is forgotten when it ends', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  const thread = join()
  const holder = control.hold()
  holder.task(definition('control'))
  holder.start()
  ring('old')
  await holder.release()
  await arrived()
  log()
  const generation = thread.holdings.hold()
  generation.task(definition('thread'))
  generation.start()
  const later = join()
  await arrived()
  const late = later.holdings.hold()
  late.task(definition('late'))
  late.start()
  assert.deepEqual(log(), [])
  await generation.release()
  assert.equal(thread.holdings.size, 0)
})

test('a task about each thread runs in each of them', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  const threads = [control, join().holdings, join().holdings].map((holdings, number) => {
    const holder = holdings.hold()
    holder.task(definition(`thread ${number}`, { per: 'thread' }))
    holder.start()
    return holder
  })
  ring('one')
  await arrived()
  assert.deepEqual(log(), ['started in thread 0', 'started in thread 1', 'started in thread 2', 'thread 2 learned one'])
  await Promise.all(threads.map(async holder => await holder.release()))
  assert.deepEqual(log(), ['stopped in thread 0', 'stopped in thread 1', 'stopped in thread 2'])
})

test('what threads cannot copy is an error of the task, and none learns it', async t => {
  const { control, join, arrived } = linkedHoldings(t)
  const { definition, ring, log } = bell()
  for (const [number, holdings] of [control, join().holdings].entries()) {
    const holder = holdings.hold()
    holder.task(definition(`thread ${number}`))
    holder.start()
  }
  assert.throws(() => ring(() => {}), { name: 'DataCloneError' })
  await arrived()
  assert.deepEqual(log(), ['started in thread 0'])
})
