/** Every test file runs, in one process. */

import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { alone, processesOf } from './processes.ts'

const files = globSync('test/**/*.test.ts', { cwd: fileURLToPath(new URL('../..', import.meta.url)) }).toSorted()
const processes = processesOf(files)

test('every file is in one process', () => {
  assert.deepEqual(processes.flat().toSorted(), files)
})

test('a folder is in one process, but for the files that cannot share one', () => {
  const shared = processes.filter(([first, second]) => second !== undefined || !(nameOf(first!) in alone))
  const folders = shared.flatMap(some => [...new Set(some.map(file => dirname(file)))])
  assert.equal(folders.length, new Set(folders).size)
})

test('every file that cannot share a process exists and has one', () => {
  const single = processes.filter(some => some.length === 1).map(([file]) => nameOf(file!))
  assert.deepEqual(Object.keys(alone).filter(name => !single.includes(name)), [])
})

/** As the list of files that cannot share a process names it. */
function nameOf (file: string): string {
  return file.replace(/^test\/|\.test\.ts$/g, '')
}
