/** Sessions of the admin listener, and the limit on guesses, by the clock. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { LoginAttempts } from '../../plugins/core/admin/login-attempts.ts'
import { readSessionId, sessionCookie } from '../../plugins/core/admin/session-cookie.ts'
import { sessionAge, Sessions } from '../../plugins/core/admin/sessions.ts'

test('a session lasts twelve hours, and its responses end with it', () => {
  const sessions = new Sessions()
  const { id, session } = sessions.open('view', 'tokens', 1000)
  assert.equal(sessions.find(id, 'tokens', 1000 + sessionAge - 1), session)
  assert.equal(session.ended.aborted, false)
  assert.equal(sessions.find(id, 'tokens', 1000 + sessionAge), undefined)
  assert.equal(session.ended.aborted, true)
  assert.equal(sessionAge, 12 * 60 * 60 * 1000)
})

test('there are at most 64 sessions: one more ends the oldest', () => {
  const sessions = new Sessions()
  const all = Array.from({ length: 65 }, () => sessions.open('view', 'tokens', 0))
  assert.deepEqual(all.map(({ session }) => session.ended.aborted), [true, ...Array<boolean>(64).fill(false)])
  assert.equal(sessions.find(all[0]!.id, 'tokens', 0), undefined)
  assert.notEqual(sessions.find(all[64]!.id, 'tokens', 0), undefined)
  sessions.closeAll()
  assert.ok(all.every(({ session }) => session.ended.aborted))
})

test('sessions end when the tokens change, also when they change back', () => {
  const sessions = new Sessions()
  const [before, after] = [sessions.open('operate', 'old', 0), sessions.open('operate', 'new', 0)]
  sessions.keepOnly('new')
  assert.equal(sessions.find(before.id, 'old', 0), undefined)
  assert.equal(sessions.find(after.id, 'new', 0), after.session)
  assert.equal(sessions.find(after.id, 'other', 0), undefined)
  assert.equal(sessions.find(after.id, 'new', 0), undefined)
})

test('ids have 256 bits, differ, and are in no memory of the sessions', () => {
  const sessions = new Sessions()
  const { id } = sessions.open('operate', 'tokens', 0)
  assert.equal(Buffer.from(id, 'base64url').length, 32)
  assert.notEqual(sessions.open('operate', 'tokens', 0).id, id)
  assert.ok(!inspect(sessions, { depth: 9, showHidden: true }).includes(id))
  for (const wrong of ['', id.slice(1), `${id}x`, id.toUpperCase()]) assert.equal(sessions.find(wrong, 'tokens', 0), undefined)
  sessions.closeAll()
})

test('the first cookie of the name counts, among others', () => {
  assert.equal(readSessionId('a=b; onedoor-session=one; onedoor-session=two'), 'one')
  for (const none of [undefined, '', 'onedoor-session', 'my-onedoor-session=x', 'Onedoor-Session=x']) {
    assert.equal(readSessionId(none), undefined, none)
  }
  assert.match(sessionCookie('id', true), /^onedoor-session=id; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
})

test('an address may send five wrong tokens a minute, and all together twenty', () => {
  const attempts = new LoginAttempts()
  for (let i = 0; i < 5; i++) {
    assert.equal(attempts.wait('a', i * 1000), 0)
    attempts.count('a', i * 1000)
  }
  assert.equal(attempts.wait('a', 5000), 55_000)
  assert.equal(attempts.wait('b', 5000), 0)
  for (let i = 0; i < 15; i++) attempts.count(`other ${i}`, 5000)
  assert.equal(attempts.wait('b', 5000), 55_000)
  for (const address of ['a', 'b']) assert.equal(attempts.wait(address, 60_000), 0)
})
