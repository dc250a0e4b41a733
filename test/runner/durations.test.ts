/** Durations of test files order the processes of the next run. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { Durations } from './durations.ts'
import type { TestEvent } from './run-process.ts'

const passed = (file: string, ms: number, nesting = 0): TestEvent =>
  ({ type: 'test:pass', data: { file: resolve(file), nesting, details: { duration_ms: ms } } })

test('the processes whose files took longest in the last run come first, a file without a duration counts as usual', t => {
  const folder = mkdtempSync(join(tmpdir(), 'durations-'))
  t.after(() => { rmSync(folder, { recursive: true }) })
  const path = join(folder, 'cache/durations.json')
  const processes = [['a', 'b'], ['c'], ['new'], ['d']]
  const first = new Durations(path)
  assert.deepEqual(first.longestFirst(processes), processes)
  for (const event of [passed('a', 300), passed('a', 90), passed('b', 1), passed('shared', 10)]) first.add(event, ['a', 'b'])
  for (const event of [passed('d', 10), passed('d', 9999, 1)]) first.add(event, ['d'])
  first.add(passed('c', 9000), ['c'])
  assert.deepEqual(first.slowest(2), [['c', 9000], ['a', 400]])
  first.save()
  assert.deepEqual(new Durations(path).longestFirst(processes), [['c'], ['new'], ['a', 'b'], ['d']])
})
