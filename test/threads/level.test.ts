/** The level of the log in all threads. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerLevel, followLevel, tellLevel, type LevelOrder } from '../../src/threads/thread-level.ts'
import { linkedHoldings } from './linked.ts'

test('a level that is set reaches all threads, those that come later included', async t => {
  const { links, join, arrived } = linkedHoldings(t)
  let set: LevelOrder | undefined
  answerLevel(links, () => set)
  const follower = () => {
    const log = { level: 'info' }
    followLevel(join().link, log, () => 1)
    return log
  }
  const logs = [follower(), follower()]
  await arrived()
  assert.deepEqual(logs.map(({ level }) => level), ['info', 'info'])
  tellLevel(links, set = { level: 'debug', generation: 1 })
  logs.push(follower())
  await arrived()
  assert.deepEqual(logs.map(({ level }) => level), ['debug', 'debug', 'debug'])
})

test('a level that was set before the configuration of a thread took over is over', async t => {
  const { links, join, arrived } = linkedHoldings(t)
  answerLevel(links, () => undefined)
  const log = { level: 'info' }
  followLevel(join().link, log, () => 2)
  tellLevel(links, { level: 'trace', generation: 1 })
  await arrived()
  assert.equal(log.level, 'info')
  tellLevel(links, { level: 'debug', generation: 2 })
  await arrived()
  assert.equal(log.level, 'debug')
})
