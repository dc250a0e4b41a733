/** The access log in a file of its own. */

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync, constants, createReadStream, existsSync,
  mkdtempSync, openSync, readFileSync, renameSync, rmSync, statSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FileOutput, type FileOutputOptions } from '../../plugins/core/access-log/file-output.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'

function folderOf (t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const silent: Omit<FileOutputOptions, 'path' | 'limit'> = { shared: false, failed () {}, kept () {}, recovered () {}, lost () {} }

test('lines are in the file in order, all of them when it is closed', async t => {
  const path = join(folderOf(t), 'access.log')
  const file = new FileOutput({ ...silent, path, limit: 1e6 })
  for (let index = 0; index < 1000; index++) {
    file.write(`${index}\n`)
    if (index % 100 === 0) await new Promise(resolve => { setImmediate(resolve) })
  }
  await file.close()
  assert.equal(readFileSync(path, 'utf8'), Array.from({ length: 1000 }, (_, index) => `${index}\n`).join(''))
})

test('the file is for its owner and its group only', async t => {
  const path = join(folderOf(t), 'access.log')
  await new FileOutput({ ...silent, path, limit: 10 }).close()
  assert.equal(statSync(path).mode & 0o137, 0)
})

test('what does not fit is dropped, counted and said once', async t => {
  const path = join(folderOf(t), 'access.log')
  const said: unknown[] = []
  let lost = 0
  const file = new FileOutput({
    ...silent,
    path,
    limit: 10,
    failed: error => said.push(error),
    recovered: lines => said.push(lines),
    lost: lines => { lost += lines }
  })
  for (let index = 0; index < 5; index++) file.write('12345\n')
  await file.close()
  assert.equal(readFileSync(path, 'utf8'), '12345\n')
  assert.deepEqual([said, lost], [[undefined, 4], 4])
})

test('an outage that is over is said to be once, and the next one anew', async t => {
  const path = join(folderOf(t), 'access.log')
  const said: unknown[] = []
  let over = Promise.withResolvers<void>()
  const file = new FileOutput({
    ...silent,
    path,
    limit: 10,
    failed: () => said.push('lost'),
    recovered: lines => { said.push(lines); over.resolve() }
  })
  for (const lines of [3, 2]) {
    over = Promise.withResolvers()
    for (let index = 0; index < lines; index++) file.write('12345\n')
    await over.promise
  }
  file.write('12345\n')
  await file.close()
  assert.deepEqual(said, ['lost', 2, 'lost', 1])
  assert.equal(readFileSync(path, 'utf8'), '12345\n'.repeat(3))
})

test('lines that come while others are being written are there when it is closed', async t => {
  const path = join(folderOf(t), 'access.log')
  const file = new FileOutput({ ...silent, path, limit: 1e6 })
  const long = `${'x'.repeat(100_000)}\n`
  file.write(long)
  file.write('last\n')
  await file.close()
  assert.equal(readFileSync(path, 'utf8'), `${long}last\n`)
})

test('a write that ends in the middle of a line loses it, and the next line begins on one of its own', t => {
  const path = join(folderOf(t), 'access.log')
  // The largest file that this process may write is a kilobyte. What is beyond it is an error, and there is room again
  // once the file is cut.
  const script = `
    import { truncateSync } from 'node:fs'
    import { FileOutput } from ${JSON.stringify(new URL('../../plugins/core/access-log/file-output.ts', import.meta.url).href)}
    const lost = Promise.withResolvers()
    const none = () => {}
    const events = { failed: none, kept: none, recovered: none, lost: lines => lost.resolve(lines) }
    const file = new FileOutput({ path: ${JSON.stringify(path)}, limit: 1e6, ...events })
    file.write('x'.repeat(2000) + '\\n')
    const lines = await lost.promise
    truncateSync(${JSON.stringify(path)}, 3)
    file.write('next\\n')
    await file.close()
    console.log(lines)`
  const { stdout } = spawnSync(
    'bash',
    ['-c', `trap '' XFSZ; ulimit -f 1; exec "$0" --input-type=module --eval "$1"`, process.execPath, script],
    { encoding: 'utf8' }
  )
  assert.equal(stdout, '1\n')
  assert.equal(readFileSync(path, 'utf8'), 'xxx\nnext\n')
})

test('a full disk loses lines, not the gateway, and is said once', { skip: !existsSync('/dev/full') }, async () => {
  const said: unknown[] = []
  let lost = 0
  const file = new FileOutput({
    ...silent,
    path: '/dev/full',
    limit: 1e6,
    failed: error => said.push((error as NodeJS.ErrnoException).code),
    recovered () {},
    lost: lines => { lost += lines }
  })
  for (let turn = 0; turn < 3; turn++) {
    file.write('a\n')
    file.write('b\n')
    await new Promise(resolve => { setImmediate(resolve) })
  }
  await file.close()
  assert.deepEqual([said, lost], [['ENOSPC'], 6])
})

test('lines that wait when the process ends are written', t => {
  const path = join(folderOf(t), 'access.log')
  const script = `
    import { FileOutput } from ${JSON.stringify(new URL('../../plugins/core/access-log/file-output.ts', import.meta.url).href)}
    const file = new FileOutput({ path: ${JSON.stringify(path)}, limit: 1e6, failed () {}, kept () {}, recovered () {}, lost () {} })
    file.write('last words\\n')
    process.exit(0)`
  spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  assert.equal(readFileSync(path, 'utf8'), 'last words\n')
})

test('a log that was moved away is left complete, and a reload goes on in a new one', async t => {
  const door = await startGateway(t, 'accessLog: { output: access.log }\nroutes: [{ path: /*, respond: {} }]')
  const path = join(door.folder, 'access.log')
  await send(door.url, '/before')
  renameSync(path, `${path}.1`)
  await send(door.url, '/moved')
  assert.ok((await door.gateway.reload('test')).ok)
  await send(door.url, '/after')
  await door.gateway.close(1000)
  const paths = (file: string): string[] => readFileSync(
    file,
    'utf8'
  ).trimEnd().split('\n').map(line => (JSON.parse(line) as { path: string }).path)
  assert.deepEqual([...paths(`${path}.1`), ...paths(path)], ['/before', '/moved', '/after'])
  assert.equal(paths(path).at(-1), '/after')
  assert.deepEqual(door.logs.filter(({ msg }) => msg === 'request completed'), [])
})

test('a folder that is gone at a reload loses no line: the old file is written on, and that is said', async t => {
  const door = await startGateway(
    t,
    'accessLog: { output: logs/access.log }\nroutes: [{ path: /*, respond: {} }]',
    { files: { 'logs/access.log': '' } }
  )
  renameSync(join(door.folder, 'logs'), join(door.folder, 'old'))
  assert.ok((await door.gateway.reload('test')).ok)
  assert.equal(
    ((await door.logged(({ msg }) => String(msg).startsWith('access log cannot be opened anew')))['err'] as { code: string }).code,
    'ENOENT'
  )
  await send(door.url, '/after')
  await door.gateway.close(1000)
  assert.match(readFileSync(join(door.folder, 'old/access.log'), 'utf8'), /"path":"\/after"/)
})

test('a file that cannot be opened stops the start at its place in the configuration', async t => {
  await assert.rejects(startGateway(
    t,
    'accessLog: { output: none/access.log }\nroutes: [{ path: /*, respond: {} }]'
  ), (error: { problems: readonly { pointer: string, message: string }[] }) => {
    assert.deepEqual(
      error.problems.map(({ pointer, message }) => [pointer, message]),
      [['/accessLog/output', 'the file cannot be opened: ENOENT']]
    )
    return true
  })
})

test('a gateway whose log cannot be written serves on, says so once and counts the lines', { skip: !existsSync('/dev/full') }, async t => {
  const { url, admin, logged, logs } = await startGateway(t, 'accessLog: { output: /dev/full }\nroutes: [{ path: /*, respond: {} }]')
  for (let index = 0; index < 3; index++) assert.equal((await send(url, '/')).status, 200)
  const line = await logged(({ msg }) => msg === 'access log cannot be written')
  assert.equal((line['err'] as { code: string }).code, 'ENOSPC')
  assert.equal(logs.filter(({ msg }) => msg === 'access log cannot be written').length, 1)
  assert.match((await send(admin, '/metrics')).text, /^gateway_access_log_lost_lines_total [1-3]$/m)
})

test('a pipe that several threads write to gets whole lines', async t => {
  const path = join(folderOf(t), 'pipe')
  execFileSync('mkfifo', [path])
  // For both, or opening would wait for the other side.
  const fifo = openSync(path, constants.O_RDWR)
  t.after(() => closeSync(fifo))
  const writers = [1, 2].map(() => new FileOutput({ ...silent, path, shared: true, limit: 1e7 }))
  const count = 3000
  for (let index = 0; index < count; index++) {
    for (const writer of writers) writer.write(`${JSON.stringify({ index, text: 'x'.repeat(index % 500) })}\n`)
  }
  const closed = Promise.all(writers.map(async writer => await writer.close()))
  let lines = 0
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()!
    for (const part of parts) {
      const { index, text } = JSON.parse(part) as { index: number, text: string }
      assert.equal(text.length, index % 500)
    }
    lines += parts.length
    if (lines === 2 * count) break
  }
  await closed
})
