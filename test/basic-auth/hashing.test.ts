/** Where passwords are hashed when a gateway has several threads. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeHashing } from '../../plugins/policies/basic-auth/hashing.ts'
import type { Threads } from '../../src/contract/threads.ts'
import { derive } from '../../src/identity/password-hash.ts'
import { linkedHoldings } from '../threads/linked.ts'

test('passwords of all threads wait in one queue of the control thread, which bounds them and those of each client', async t => {
  const { links, control, join } = linkedHoldings(t)
  const data = (number: number): Threads => ({ role: 'data', number, count: 2, toControl: joined[number - 1]!.link })
  takeHashing({ resource: control.hold().resource, rehearsal: false, threads: { role: 'control', number: 0, count: 2, toThreads: links } })
  const joined = [join(), join()]
  const hashes = joined.map(({ holdings }, index) =>
    takeHashing({ resource: holdings.hold().resource, rehearsal: false, threads: data(index + 1) }))
  const like = { cost: 2 ** 13, blockSize: 1, parallelization: 1, salt: Buffer.alloc(16, 1), hash: Buffer.alloc(32) }
  const right = await derive('right', like)
  const ask = async (thread: number, client: string) => {
    const hashed = await hashes[thread]!(client, 'right', like)
    return hashed !== undefined && right.equals(hashed)
  }
  const asked = [0, 1].flatMap(thread => Array.from({ length: 8 }, () => ask(thread, '10.0.0.1')))
  assert.equal((await Promise.all(asked)).filter(Boolean).length, 10)
  assert.equal(await ask(1, '10.0.0.1'), true)
})
