/** A source of targets by itself: what one look after the other makes of it. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Addresses, AddressBook } from '../../plugins/core/target-discovery/address-book.ts'
import { dnsLook } from '../../plugins/core/target-discovery/dns-resolver.ts'
import { fileLook } from '../../plugins/core/target-discovery/file-resolver.ts'
import type { Resolution } from '../../plugins/core/target-discovery/resolution.ts'
import { TargetSource } from '../../plugins/core/target-discovery/target-source.ts'
import { srvLook } from '../../plugins/core/target-discovery/srv-resolver.ts'

const bookOf = (addresses: Addresses): AddressBook => ({ find: async () => addresses, keep () {} }) as unknown as AddressBook

test('looks that fail in a row are counted, and a good one ends the row', async () => {
  const outcomes = ['ETIMEOUT', 'ETIMEOUT', undefined, 'ETIMEOUT']
  const counted: number[] = []
  const source = new TargetSource({
    look: async () => ({ members: [], failure: outcomes[counted.length] }),
    schedule: (look, _found, failures) => {
      counted.push(failures)
      if (counted.length < outcomes.length) look()
      return () => {}
    }
  }).start()
  while (counted.length < outcomes.length) await setImmediate()
  source.stop()
  assert.deepEqual(counted, [1, 2, 0, 1])
})

test('nothing is heard of a look that ends after the source was stopped, and there is no further one', async () => {
  const answer = Promise.withResolvers<Resolution>()
  const heard: string[] = []
  const source = new TargetSource({ look: async () => await answer.promise, schedule: () => { heard.push('scheduled'); return () => {} } })
  source.listen(() => { heard.push('told') })
  source.start().stop()
  answer.resolve({ members: [{ url: 'http://late.test' }], failure: undefined })
  await setImmediate()
  assert.deepEqual([heard, source.state.members], [[], undefined])
})

test('the time to live of addresses is in seconds, and says how long they hold', async () => {
  const look = dnsLook('http://users.test:3000', {}, bookOf({ addresses: ['10.0.0.1'], ttl: 30, failure: undefined }))
  assert.deepEqual(await look(), { members: [{ url: 'http://users.test:3000', address: '10.0.0.1', settings: {} }], validFor: 30_000, failure: undefined })
})

test('the host "." of an SRV record says that the service is not there (RFC 2782)', async () => {
  const resolver = { resolveSrv: async () => [{ name: '.', port: 0, weight: 0, priority: 0 }, { name: '', port: 0, weight: 0, priority: 0 }] }
  const look = srvLook('http://_users._tcp.test', {}, resolver, bookOf({ addresses: ['10.0.0.1'], ttl: 30, failure: undefined }))
  assert.deepEqual((await look()).members, [])
})

test('hosts that SRV records no longer lead to are forgotten, however many there were', async () => {
  let kept: readonly string[] = []
  let host = 0
  const resolver = { resolveSrv: async () => [{ name: `pod-${++host}.test`, port: 1, weight: 1, priority: 0 }] }
  const book = { find: async () => ({ addresses: ['10.0.0.1'], ttl: 30, failure: undefined }), keep: (names: readonly string[]) => { kept = names } } as unknown as AddressBook
  const look = srvLook('http://_users._tcp.test', {}, resolver, book)
  for (let n = 0; n < 3; n++) await look()
  assert.deepEqual(kept, ['pod-3.test'])
})

test('a file of targets may have keys of its author, `x-…`; one that is misshapen is refused whole', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'targets.yaml')
  const look = fileLook(file, targets => ({ members: (targets as string[]).map(url => ({ url })), problems: [] }))
  const found = async (text: string): Promise<unknown> => {
    writeFileSync(file, text)
    return (await look()).members
  }
  assert.deepEqual(await found('x-note: mine\ntargets: [http://a.test]\n'), [{ url: 'http://a.test' }])
  assert.deepEqual(await found('targets: [http://a.test]\ntargets: [http://b.test]\n'), undefined)
  assert.deepEqual(await found('other: 1\ntargets: [http://a.test]\n'), undefined)
})
