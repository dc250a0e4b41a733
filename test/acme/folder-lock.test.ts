/** The lock of a folder that gateways share. */

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { staleAfter, takeLock } from '../../src/acme/folder-lock.ts'

function place (t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Leaves a lock that shows no sign of its owner any more. */
function abandon (file: string): void {
  writeFileSync(file, 'a gateway that died')
  const seconds = (Date.now() - staleAfter - 1000) / 1000
  utimesSync(file, seconds, seconds)
}

for (const [what, before] of [['free', () => {}], ['abandoned', abandon]] as const) {
  test(`of many that want a lock that is ${what} one gets it, and the next one after that`, async t => {
    const folder = place(t)
    const file = join(folder, 'shop.lock')
    for (let round = 0; round < 10; round++) {
      before(file)
      const all = await Promise.all(Array.from({ length: 20 }, async () => await takeLock(file, Date.now)))
      const taken = all.filter(end => end !== undefined)
      assert.equal(taken.length, 1)
      assert.equal(await takeLock(file, Date.now), undefined)
      await taken[0]!()
      assert.ok(!existsSync(file))
    }
    assert.deepEqual(readdirSync(folder), [])
  })
}

test('who has lost a lock does not give back that of another one', async t => {
  const file = join(place(t), 'shop.lock')
  const first = await takeLock(file, Date.now)
  abandon(file)
  const second = await takeLock(file, Date.now)
  assert.ok(second)
  await first!()
  assert.ok(existsSync(file))
  await second()
  assert.ok(!existsSync(file))
})
