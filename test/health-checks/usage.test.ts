/** Whether an upstream is in use: who rests is woken by the next request, once, and by nothing else. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Usage, usageCells } from '../../plugins/core/health-checks/usage.ts'

test('a request wakes all who rest, once; who has taken it back is not woken', () => {
  const usage = new Usage()
  const woken: string[] = []
  const [a, b, c] = ['a', 'b', 'c'].map(name => () => { woken.push(name) })
  usage.rest(a!)
  usage.rest(b!)
  usage.rest(c!)
  usage.rise(b!)
  usage.note(7)
  assert.deepEqual([usage.lastAt, woken], [7, ['a', 'c']])
  usage.note(9)
  assert.deepEqual([usage.lastAt, woken], [9, ['a', 'c']])
})

test('who rests again when it is woken waits for the request after', () => {
  const usage = new Usage()
  let woken = 0
  const again = (): void => { woken++; usage.rest(again) }
  usage.rest(again)
  usage.note(1)
  assert.equal(woken, 1)
  usage.note(2)
  assert.equal(woken, 2)
})

test('a copy knows the last request, and neither wakes nor changes the original', () => {
  const cells = Float64Array.from(usageCells)
  const usage = new Usage(cells)
  let woken = 0
  usage.note(5)
  usage.rest(() => { woken++ })
  const copy = new Usage(cells.slice())
  assert.equal(copy.lastAt, 5)
  copy.note(8)
  assert.deepEqual([usage.lastAt, woken], [5, 0])
  usage.note(9)
  assert.deepEqual([copy.lastAt, woken], [8, 1])
})
