/** Copies of files for other threads. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readFrom } from '../../src/config/read/file-copies.ts'
import { copyFiles, fingerprint, readTextFile } from '../../src/config/read/text-file.ts'

/** A folder that is removed after the test. */
function temporaryFolder (t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-copies-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('a file is read as it was copied, whatever has become of it', t => {
  const folder = temporaryFolder(t)
  const [kept, changed, gone, missing] = ['kept', 'changed', 'gone', 'missing'].map(name => join(folder, name))
  for (const file of [kept!, changed!, gone!]) writeFileSync(file, 'before')
  const seen = new Map([kept!, changed!, gone!, missing!].map(file => [file, fingerprint(file)]))
  const copies = copyFiles(seen)
  assert(copies !== undefined)
  writeFileSync(changed!, 'after')
  rmSync(gone!)
  writeFileSync(missing!, 'there now')
  t.after(() => readFrom(new Map()))
  readFrom(copies)
  for (const file of [kept!, changed!, gone!]) assert.deepEqual(readTextFile(file, 100), { text: 'before', print: seen.get(file) })
  assert.match((readTextFile(missing!, 100) as { failure: string }).failure, /no such file/)
  assert.match((readTextFile(kept!, 3) as { failure: string }).failure, /larger/)
  readFrom(new Map())
  assert.deepEqual(readTextFile(changed!, 100), { text: 'after', print: fingerprint(changed!) })
})

test('a file that has changed since it was read is not copied', t => {
  const file = join(temporaryFolder(t), 'file')
  writeFileSync(file, 'before')
  const seen = new Map([[file, fingerprint(file)]])
  writeFileSync(file, 'after')
  assert.equal(copyFiles(seen), undefined)
})
