/** An earlier configuration that serves again, in all threads at once. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startThreads } from './threaded-gateway.ts'
import { load } from './under-load.ts'

test('under load, restoring loses and mixes nothing, and a thread that is replaced serves what is restored', async t => {
  const { proxy, admin, reload, reloadText, line } = await startThreads(t, 2)
  const version = async (): Promise<string | null> => {
    const response = await fetch(`${proxy}/service`)
    await response.text()
    return response.headers.get('x-response-version')
  }
  assert.equal((await reload(2)).ok, true)
  assert.equal((await reloadText('routes: 5\n')).ok, false)
  const clients = load(proxy, 8)
  await clients.more(50)
  const response = await fetch(`${admin}/reloads/1/restore`, { method: 'POST' })
  assert.deepEqual([response.status, (await response.json() as { ok: boolean }).ok], [200, true])
  await clients.more(100)
  await clients.stop()
  const { losses, mixed, statuses } = clients.figures
  assert.deepEqual({ losses, mixed, statuses }, { losses: [], mixed: 0, statuses: [] })
  assert.deepEqual(await Promise.all([version(), version(), version(), version()]), ['1', '1', '1', '1'])
  const replaced = line('a thread was replaced')
  await fetch(`${proxy}/exit`).catch(() => undefined)
  await replaced
  assert.deepEqual(await Promise.all([version(), version(), version(), version()]), ['1', '1', '1', '1'])
})
