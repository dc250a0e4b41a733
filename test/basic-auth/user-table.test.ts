import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserTable } from '../../plugins/policies/basic-auth/user-table.ts'
import { derive, hashPassword } from '../../src/identity/password-hash.ts'

const options = { ttl: 1000, negativeTtl: 100, maximum: 10, identify: undefined }

test('what was found out is remembered for its time: a right password longer than a wrong one', async () => {
  const table = new UserTable({ ada: await hashPassword('right', Buffer.alloc(16, 1)) }, options)
  const user = (await table.judge('ada', 'right', derive))?.user
  assert.deepEqual(await table.judge('ada', 'wrong', derive), { user: undefined })
  table.remember('good', user, 0)
  table.remember('bad', undefined, 0)
  for (const [now, good, bad] of [
    [99, user, 'wrong'],
    [101, user, undefined],
    [999, user, undefined],
    [1001, undefined, undefined]
  ] as const) {
    assert.equal(table.remembered('good', now), good)
    assert.equal(table.remembered('bad', now), bad)
  }
})

test('a name is one name, whichever way its letters are put together, and so is the subject', async () => {
  const table = new UserTable({ 'Zoe\u0308': await hashPassword('right', Buffer.alloc(16, 1)) }, options)
  for (const spelled of ['Zo\u00eb', 'Zoe\u0308']) {
    const judged = await table.judge(spelled, 'right', derive)
    assert.equal(judged?.user?.verdict.claims?.['sub'], 'Zo\u00eb')
  }
})
