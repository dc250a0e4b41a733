import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs, { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fingerprint, readTextFile } from '../../src/config/read/text-file.ts'
import { watchFiles, type FileWatch } from '../../src/config/watch/watch-files.ts'
import { folder } from './folder.ts'

interface Watching {
  /** Resolves with the next change. */
  next (): Promise<void>
  count (): number
  readonly update: FileWatch['update']
}

/** Events alone decide: polling is left out. */
const never = 2 ** 31 - 1

function watching (t: TestContext, files: readonly string[], debounce = 5): Watching {
  let waiting = Promise.withResolvers<void>()
  let count = 0
  const watch = watchFiles(files, () => {
    count++
    waiting.resolve()
    waiting = Promise.withResolvers()
  }, { debounce, poll: never })
  // The watch keeps no process alive, so the test has to.
  const alive = setInterval(() => {}, 1000)
  t.after(() => {
    watch.close()
    clearInterval(alive)
  })
  return { next: () => waiting.promise, count: () => count, update: names => watch.update(names) }
}

/** Counts how often the state of `file` is read from now on. */
function countReads (t: TestContext, file: string): () => number {
  const stat = t.mock.method(fs, 'statSync')
  syncBuiltinESMExports()
  t.after(() => {
    stat.mock.restore()
    syncBuiltinESMExports()
  })
  return () => stat.mock.calls.filter(call => call.arguments[0] === file).length
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

test('a log that grows beside a file never makes the file be read', async (t) => {
  const path = folder(t, { 'a.yaml': '1', 'access.log': '' })
  const file = join(path, 'a.yaml')
  watching(t, [file])
  // The second watch tells when the events of this folder have arrived.
  const other = watching(t, [join(path, 'marker')])
  const reads = countReads(t, file)
  for (let round = 0; round < 10; round++) {
    const through = other.next()
    appendFileSync(join(path, 'access.log'), 'line\n')
    writeFileSync(join(path, `access.log.${round}`), 'rotated')
    writeFileSync(join(path, 'marker'), String(round))
    await through
  }
  assert.equal(reads(), 0)
})

test('a log that grows in a watched folder never makes its names be read', async (t) => {
  const path = folder(t, { 'routes/access.log': '' })
  const routes = join(path, 'routes')
  watching(t, [routes])
  const other = watching(t, [join(routes, '.marker')])
  writeFileSync(join(routes, '.marker'), 'first')
  await other.next()
  const reads = countReads(t, routes)
  for (let round = 0; round < 10; round++) {
    const through = other.next()
    appendFileSync(join(routes, 'access.log'), 'line\n')
    writeFileSync(join(routes, '.marker'), String(round))
    await through
  }
  assert.equal(reads(), 0)
})

test('a file that is written all the time is noticed nevertheless', async (t) => {
  const file = join(folder(t, { 'a.yaml': '' }), 'a.yaml')
  // Long enough that no pause of the writer is a pause for the watch.
  const watch = watching(t, [file], 50)
  for (let round = 0; watch.count() === 0; round++) {
    writeFileSync(file, String(round))
    await setImmediate()
  }
})

test('a folder on the way that is a symbolic link is noticed when another one takes its place', async (t) => {
  const path = folder(t, { 'one/a.yaml': '1', 'two/a.yaml': '2' })
  symlinkSync('one', join(path, 'current'))
  const watch = watching(t, [join(path, 'current/a.yaml')])
  const changed = watch.next()
  symlinkSync('two', join(path, 'next'))
  renameSync(join(path, 'next'), join(path, 'current'))
  await changed
})

test('a file whose folders do not exist yet is noticed', async (t) => {
  const path = folder(t, {})
  const watch = watching(t, [join(path, 'one/two/a.yaml')])
  // The folders are seen one by one, so they may come into being while nothing watches them yet.
  for (let round = 0; watch.count() === 0; round++) {
    rmSync(join(path, 'one'), { recursive: true, force: true })
    mkdirSync(join(path, 'one/two'), { recursive: true })
    writeFileSync(join(path, 'one/two/a.yaml'), '1')
    await setImmediate()
  }
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
  const closed = watchFiles([join(path, 'a.yaml')], () => { count++ }, { debounce: 0, poll: never })
  const watch = watching(t, [join(path, 'a.yaml')])
  closed.close()
  const changed = watch.next()
  writeFileSync(join(path, 'a.yaml'), '2')
  await changed
  assert.equal(count, 0)
})

/** A name behind which there is something else than a small file. */
const strange: readonly (readonly [what: string, make: (file: string) => void, failure: string])[] = [
  ['a pipe', (file) => { execFileSync('mkfifo', [file]) }, 'it is not a regular file'],
  ['a device without end', (file) => { symlinkSync('/dev/zero', file) }, 'it is not a regular file'],
  ['a terminal', (file) => { symlinkSync('/dev/tty', file) }, 'it is not a regular file'],
  ['two gigabytes', (file) => { writeFileSync(file, ''); truncateSync(file, 2 * 1024 ** 3) }, 'it is larger than 4 KiB'],
  ['a link to itself', (file) => { symlinkSync(file, file) }, 'too many symbolic links'],
  ['a folder', (file) => { mkdirSync(file) }, 'it is a directory']
]

for (const [what, make, failure] of strange) {
  test(`${what} in the place of a file is a change, and neither blocks nor is read`, async (t) => {
    const path = folder(t, { 'a.yaml': '1' })
    const file = join(path, 'a.yaml')
    const watch = watching(t, [file])
    const changed = watch.next()
    rmSync(file)
    make(file)
    await changed
    const started = process.cpuUsage().user
    const read = readTextFile(file, 4096)
    assert.equal('failure' in read && read.failure, failure)
    assert.equal(read.print, fingerprint(file))
    // A gigabyte would take seconds; a hundred looks take none.
    for (let look = 0; look < 100; look++) fingerprint(file)
    assert.ok(process.cpuUsage().user - started < 2_000_000)
  })
}

test('a large file is told apart without being read', (t) => {
  const file = join(folder(t, { 'large.yaml': 'x'.repeat(2 * 1024 * 1024) }), 'large.yaml')
  const before = fingerprint(file)
  assert.equal(fingerprint(file), before)
  writeFileSync(file, 'y'.repeat(2 * 1024 * 1024))
  assert.notEqual(fingerprint(file), before)
  assert.notEqual(fingerprint(file), undefined)
})

test('what was saved between the reading of a file and the watch on it is a change', async (t) => {
  const path = folder(t, { 'a.yaml': 'read' })
  const file = join(path, 'a.yaml')
  const watch = watching(t, [])
  const { print } = readTextFile(file, 4096)
  writeFileSync(file, 'saved')
  const changed = watch.next()
  watch.update(new Map([[file, print]]))
  await changed
  assert.equal(watch.count(), 1)
})

test('without descriptors nothing is known of a file, and that is no change', (t) => {
  const file = join(folder(t, { 'a.yaml': '1' }), 'a.yaml')
  const script = `
    import { openSync } from 'node:fs'
    const module = ${JSON.stringify(new URL('../../src/config/read/text-file.ts', import.meta.url).href)}
    const { fingerprint, readTextFile } = await import(module)
    const file = ${JSON.stringify(file)}
    const before = fingerprint(file)
    try { for (;;) openSync(file, 'r') } catch {}
    console.log(JSON.stringify([typeof before, typeof fingerprint(file), readTextFile(file, 4096).failure]))`
  const out = execFileSync('/bin/sh', [
    '-c',
    'ulimit -n 64; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    script
  ], { encoding: 'utf8' })
  assert.deepEqual(JSON.parse(out), ['string', 'undefined', 'there are no file descriptors left'])
})
