import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'undici'
import type { NamedDispatchOptions } from '../../src/internals/undici-server-name.ts'
import { dispatch } from './sides.ts'

test('undici 7.x: dispatch takes the server name of one request, and connects with it', async t => {
  const names: (string | undefined)[] = []
  const client = new Client('https://127.0.0.1:1', {
    connect: ({ servername }, callback) => {
      names.push(servername)
      callback(new Error('no connection is made'), null)
    }
  })
  t.after(async () => { await client.destroy() })
  await dispatch(client, { headers: ['host', 'client.example'], servername: 'target.internal' } as Partial<NamedDispatchOptions>)
  assert.deepEqual(names, ['target.internal'])
})
