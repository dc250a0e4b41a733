import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { findKey, keyTable } from '../../plugins/policies/api-key/key-table.ts'

const digest = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`

test('further claims never say who the client is or which tier it has', () => {
  // The file is refused with them; the table does not depend on that.
  const table = keyTable(
    [{ consumer: 'shop', tier: 'gold', hash: digest('one'), claims: { sub: 'root', consumer: 'root', tier: 'all', region: 'eu' } }],
    undefined
  )
  const { verdict } = findKey(table, 'one')!
  assert.deepEqual({ ...verdict.claims }, { sub: 'shop', consumer: 'shop', tier: 'gold', region: 'eu' })
})
