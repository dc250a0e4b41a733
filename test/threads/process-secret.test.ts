/** A secret of the process. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { processSecret } from '../../src/threads/process-secret.ts'

test('a secret is the same whenever it is asked for, in every thread, and another one for each name', async () => {
  const secret = processSecret('test a')
  const file = new URL('../../src/threads/process-secret.ts', import.meta.url).href
  const worker = new Worker(`
    import('${file}').then(({ processSecret }) => require('node:worker_threads').parentPort.postMessage(processSecret('test a')))
  `, { eval: true })
  const [elsewhere] = await once(worker, 'message') as [Uint8Array]
  await worker.terminate()
  assert.deepEqual([processSecret('test a'), Buffer.from(elsewhere)], [secret, secret])
  assert.notDeepEqual(processSecret('test b'), secret)
})
