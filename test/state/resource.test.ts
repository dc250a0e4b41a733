/** What resources promise. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Holdings } from '../../src/state/holdings.ts'

/** A file that is open once, and notes its end. */
function file (closed: string[], key = 'a') {
  return { kind: 'file', key, create: () => ({ name: key, lines: 0 }), close: ({ name }: { name: string }) => { closed.push(name) } }
}

test('a resource is made once, and closed once, when the last holder lets go, however often each took it', async () => {
  const holdings = new Holdings()
  const closed: string[] = []
  const [first, second] = [holdings.hold(), holdings.hold()]
  const made = first.resource(file(closed))
  assert.equal(first.resource(file(closed)), made)
  assert.equal(second.resource(file(closed)), made)
  assert.notEqual(second.resource({ ...file(closed), options: { append: true } }), made)
  await first.release()
  await first.release()
  assert.deepEqual(closed, [])
  await second.release()
  assert.deepEqual([closed, holdings.size], [['a', 'a'], 0])
})

test('an inner holder closes what it alone has', async () => {
  const holdings = new Holdings()
  const closed: string[] = []
  const outer = holdings.hold()
  const [early, late] = [outer.hold(), outer.hold()]
  early.resource(file(closed, 'early'))
  late.resource(file(closed, 'late'))
  late.resource(file(closed, 'both'))
  outer.resource(file(closed, 'both'))
  await early.release()
  assert.deepEqual(closed, ['early'])
  await late.release()
  assert.deepEqual(closed, ['early', 'late'])
  await outer.release()
  assert.deepEqual(closed, ['early', 'late', 'both'])
})

test('one that cannot be closed is reported, and keeps no other open', async () => {
  const holdings = new Holdings()
  const closed: string[] = []
  const holder = holdings.hold()
  holder.resource({ ...file(closed, 'stuck'), close: () => { throw new Error('stuck') } })
  holder.resource(file(closed))
  await assert.rejects(holder.release(), /stuck/)
  assert.deepEqual([closed, holdings.size], [['a'], 0])
})

test('a rehearsal has the resource of the gateway, and does not close it', async () => {
  const holdings = new Holdings()
  const closed: string[] = []
  const live = holdings.hold().resource(file(closed))
  const rehearsal = holdings.fork()
  assert.equal(rehearsal.resource(file(closed)), live)
  rehearsal.renew()
  assert.equal(rehearsal.hold().resource(file(closed)), live)
  await rehearsal.release()
  assert.deepEqual(closed, [])
})

test('a rehearsal makes what the gateway does not have, once, and closes it at its end', async () => {
  const holdings = new Holdings()
  const closed: string[] = []
  const rehearsal = holdings.fork()
  const made = rehearsal.resource(file(closed))
  rehearsal.renew()
  assert.equal(rehearsal.resource(file(closed)), made)
  await rehearsal.hold().release()
  assert.deepEqual(closed, [])
  await rehearsal.release()
  assert.deepEqual([closed, holdings.size], [['a'], 0])
})
