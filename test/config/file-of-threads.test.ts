/** A file of settings that one thread reads and others learn. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import Type from '#typebox'
import { takeWatchedFile } from '../../src/config/watch/take-watched-file.ts'
import type { ThreadRole } from '../../src/contract/threads.ts'
import type { Holdings } from '../../src/state/holdings.ts'
import { linkedHoldings } from '../threads/linked.ts'

function setUp (t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const events: string[] = []
  const compiled: string[] = []
  const { control, join: add, arrived } = linkedHoldings(t)
  const told = Promise.withResolvers<void>()
  const begin = (holdings: Holdings, role: ThreadRole) => {
    const holder = holdings.hold()
    t.after(async () => await holder.release())
    const { resource, task } = holder
    const gateway = {
      resource, task, folder, env: {}, threads: { role },
      events: {
        emit ({ type }: { type: string }) {
          events.push(`${role} ${type}`)
          told.resolve()
        }
      }
    }
    const file = takeWatchedFile({ gateway } as never, {
      kind: 'words',
      policy: 'words',
      file: 'words.yaml',
      schema: Type.Object({ words: Type.Array(Type.String()) }),
      compile: ({ words }: { words: string[] }) => {
        compiled.push(role)
        return words.join(' ')
      }
    })
    return { file, start: () => holder.start() }
  }
  const write = (text: string): void => writeFileSync(join(folder, 'words.yaml'), text)
  const thread = () => begin(add().holdings, 'data')
  return { begin: () => begin(control, 'control'), thread, arrived, write, events, compiled, told: told.promise }
}

test('one thread reads the file and tells once what became of it; all have the same version', async t => {
  const { begin, thread, arrived, write, events, told } = setUp(t)
  write('words: [one]')
  const files = [begin(), thread(), thread()]
  for (const { start } of files) start()
  await arrived()
  assert.deepEqual(files.map(({ file }) => file.current), ['one', 'one', 'one'])
  write('words: [two]')
  await told
  await arrived()
  assert.deepEqual(files.map(({ file }) => file.current), ['two', 'two', 'two'])
  assert.deepEqual(events, ['control policy-file-reloaded'])
})

test('a broken version is told once, changes nothing in any thread, and keeps no later thread from its start', async t => {
  const { begin, thread, arrived, write, events, compiled, told } = setUp(t)
  write('words: [one]')
  const files = [begin(), thread()]
  for (const { start } of files) start()
  write('words: one')
  await told
  await arrived()
  const late = thread()
  await arrived()
  late.start()
  assert.deepEqual([...files, late].map(({ file }) => file.current), ['one', 'one', 'one'])
  assert.deepEqual(events, ['control policy-file-refused'])
  // Nobody makes anew what is the same.
  assert.deepEqual(compiled, ['control', 'data', 'data'])
})

test('who looks at the file while a generation is built, before anything was learned, sees what is in it', t => {
  const { thread, write } = setUp(t)
  write('words: [one]')
  assert.equal(thread().file.current, 'one')
})
