import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { watchFiles } from '../../src/config/watch.ts'
import { folder } from './folder.ts'

/** Watches, and gives a promise for the next change. */
function watching (t: TestContext, files: readonly string[]): { next (): Promise<void>, count: () => number, update: (files: readonly string[]) => void } {
  let waiting = Promise.withResolvers<void>()
  let count = 0
  const watch = watchFiles(files, () => {
    count++
    waiting.resolve()
    waiting = Promise.withResolvers()
  }, { debounce: 5 })
  // The watch keeps no process alive, so the test has to.
  const alive = setInterval(() => {}, 1000)
  t.after(() => {
    watch.close()
    clearInterval(alive)
  })
  return { next: () => waiting.promise, count: () => count, update: (names) => watch.update(names) }
}

test('a file that is written is noticed', async (t) => {
  const path = folder(t, { 'a.yaml': '1' })
  const watch = watching(t, [join(path, 'a.yaml')])
  const changed = watch.next()
  writeFileSync(join(path, 'a.yaml'), '2')
  await changed
})

test('a file that is replaced by rename is noticed, again and again', async (t) => {
  const path = folder(t, { 'a.yaml': '0' })
  const watch = watching(t, [join(path, 'a.yaml')])
  for (const content of ['1', '2', '3']) {
    const changed = watch.next()
    writeFileSync(join(path, 'a.tmp'), content)
    renameSync(join(path, 'a.tmp'), join(path, 'a.yaml'))
    await changed
  }
})

test('the swap of a symbolic link to a folder is noticed, as Kubernetes does it', async (t) => {
  const path = folder(t, { '..1/a.yaml': '1', '..2/a.yaml': '2' })
  symlinkSync('..1', join(path, '..data'))
  symlinkSync('..data/a.yaml', join(path, 'a.yaml'))
  const watch = watching(t, [join(path, 'a.yaml')])
  const changed = watch.next()
  symlinkSync('..2', join(path, '..new'))
  renameSync(join(path, '..new'), join(path, '..data'))
  await changed
})

test('a change of the file behind a symbolic link is noticed', async (t) => {
  const path = folder(t, { 'far/a.yaml': '1', 'near/b.yaml': '1' })
  symlinkSync('../far/a.yaml', join(path, 'near/a.yaml'))
  const watch = watching(t, [join(path, 'near/a.yaml')])
  const changed = watch.next()
  writeFileSync(join(path, 'far/a.yaml'), '2')
  await changed
})

test('a file that appears, and one that goes, is noticed', async (t) => {
  const path = folder(t, {})
  const file = join(path, 'a.yaml')
  const watch = watching(t, [file])
  const appeared = watch.next()
  writeFileSync(file, '1')
  await appeared
  const gone = watch.next()
  rmSync(file)
  await gone
})

test('a new name in a watched folder is noticed', async (t) => {
  const path = folder(t, { 'routes/a.yaml': '1' })
  const watch = watching(t, [join(path, 'routes')])
  const changed = watch.next()
  writeFileSync(join(path, 'routes/b.yaml'), '1')
  await changed
})

test('a touch, the same content again and a neighbour are no change', async (t) => {
  const path = folder(t, { 'a.yaml': '1' })
  const file = join(path, 'a.yaml')
  const watch = watching(t, [file])
  // A second watch on the neighbour tells when the events of this folder have come through.
  const other = watching(t, [join(path, 'neighbour')])
  const through = other.next()
  utimesSync(file, 1, 1)
  writeFileSync(file, '1')
  writeFileSync(join(path, 'neighbour'), '1')
  await through
  const changed = watch.next()
  assert.equal(watch.count(), 0)
  writeFileSync(file, '2')
  await changed
  assert.equal(watch.count(), 1)
})

test('after an update other files count', async (t) => {
  const path = folder(t, { 'a.yaml': '1', 'more/b.yaml': '1' })
  const watch = watching(t, [join(path, 'a.yaml')])
  watch.update([join(path, 'more/b.yaml')])
  writeFileSync(join(path, 'a.yaml'), '2')
  const changed = watch.next()
  writeFileSync(join(path, 'more/b.yaml'), '2')
  await changed
  assert.equal(watch.count(), 1)
})

test('a folder that goes away and comes back is no reason to throw', async (t) => {
  const path = folder(t, { 'conf/a.yaml': '1' })
  const watch = watching(t, [join(path, 'conf/a.yaml')])
  const gone = watch.next()
  rmSync(join(path, 'conf'), { recursive: true })
  await gone
  const back = watch.next()
  mkdirSync(join(path, 'conf'))
  writeFileSync(join(path, 'conf/a.yaml'), '2')
  await back
})

test('a closed watch is silent', async (t) => {
  const path = folder(t, { 'a.yaml': '1' })
  let count = 0
  const closed = watchFiles([join(path, 'a.yaml')], () => { count++ }, { debounce: 0 })
  const watch = watching(t, [join(path, 'a.yaml')])
  closed.close()
  const changed = watch.next()
  writeFileSync(join(path, 'a.yaml'), '2')
  await changed
  assert.equal(count, 0)
})
