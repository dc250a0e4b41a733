/** Compiled code is kept for data threads too. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'

const module = new URL('../../src/threads/compile-cache.ts', import.meta.url).href

/** What a thread says that keeps compiled code in a folder, or nowhere. */
async function folderIn (folder: string | undefined): Promise<unknown> {
  // A cache is that of a thread, so that the one of the tests has none.
  const worker = new Worker(`
    const { enableCompileCache } = require('node:module')
    const { parentPort, workerData: { folder, module } } = require('node:worker_threads')
    if (folder !== undefined) enableCompileCache(folder)
    import(module).then(({ compileCache }) => parentPort.postMessage({ folder: compileCache() }))
  `, { eval: true, workerData: { folder, module }, env: { ...process.env, NODE_COMPILE_CACHE: '' } })
  const [message] = await once(worker, 'message') as [{ readonly folder: unknown }]
  await worker.terminate()
  return message.folder
}

test('data threads are told the folder in which the control thread keeps compiled code', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  assert.equal(await folderIn(folder), folder)
  assert.equal(await folderIn(undefined), undefined)
})
