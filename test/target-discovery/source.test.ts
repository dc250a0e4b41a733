/** A source of targets by itself: what one look after the other makes of it. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Addresses, AddressBook } from '../../plugins/core/target-discovery/address-book.ts'
import { createDnsResolver } from '../../plugins/core/target-discovery/dns-resolver.ts'
import { createFileResolver } from '../../plugins/core/target-discovery/file-resolver.ts'
import type { Resolution } from '../../plugins/core/target-discovery/resolution.ts'
import { TargetSource } from '../../plugins/core/target-discovery/target-source.ts'
import { createSrvResolver } from '../../plugins/core/target-discovery/srv-resolver.ts'

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
  source.reporter = () => { heard.push('told') }
  source.start().stop()
  answer.resolve({ members: [{ url: 'http://late.test' }], failure: undefined })
  await setImmediate()
  assert.deepEqual([heard, source.state.members], [[], undefined])
})

test('the time to live of addresses is in seconds, and says how long they hold', async () => {
  const look = createDnsResolver('http://users.test:3000', {}, bookOf({ addresses: ['10.0.0.1'], ttl: 30, failure: undefined }))
  assert.deepEqual(await look(), {
    members: [{ url: 'http://users.test:3000', address: '10.0.0.1', settings: {} }],
    validFor: 30_000,
    failure: undefined
  })
})

test('the host "." of an SRV record says that the service is not there (RFC 2782)', async () => {
  const resolver = { resolveSrv: async () => [
    { name: '.', port: 0, weight: 0, priority: 0 },
    { name: '', port: 0, weight: 0, priority: 0 }
  ] }
  const look = createSrvResolver('http://_users._tcp.test', {}, resolver, bookOf({ addresses: ['10.0.0.1'], ttl: 30, failure: undefined }))
  assert.deepEqual((await look()).members, [])
})

test('hosts that SRV records no longer lead to are forgotten, however many there were', async () => {
  let kept: readonly string[] = []
  let host = 0
  const resolver = { resolveSrv: async () => [{ name: `pod-${++host}.test`, port: 1, weight: 1, priority: 0 }] }
  const book = {
    find: async () => ({ addresses: ['10.0.0.1'], ttl: 30, failure: undefined }),
    keep: (names: readonly string[]) => { kept = names }
  } as unknown as AddressBook
  const look = createSrvResolver('http://_users._tcp.test', {}, resolver, book)
  for (let n = 0; n < 3; n++) await look()
  assert.deepEqual(kept, ['pod-3.test'])
})

test('a file of targets may have keys of its author, `x-…`; one that is misshapen is refused whole', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'targets.yaml')
  const look = createFileResolver(file, targets => ({ members: (targets as string[]).map(url => ({ url })), problems: [] }))
  const found = async (text: string): Promise<unknown> => {
    writeFileSync(file, text)
    return (await look()).members
  }
  assert.deepEqual(await found('x-note: mine\ntargets: [http://a.test]\n'), [{ url: 'http://a.test' }])
  assert.deepEqual(await found('targets: [http://a.test]\ntargets: [http://b.test]\n'), undefined)
  assert.deepEqual(await found('other: 1\ntargets: [http://a.test]\n'), undefined)
})

/** A source whose looks find what is given, one after the other. */
function sourceOf (...found: readonly Resolution[]) {
  const told: string[] = []
  let next = (): void => {}
  let looks = 0
  const source = new TargetSource({
    look: async () => found[looks++]!,
    schedule: look => { next = look; return () => { told.push('called off') } },
    onStop: () => { told.push('stopped') }
  })
  return { source, told, looks: () => looks, look: async () => { next(); await setImmediate() } }
}

const one: Resolution = { members: [{ url: 'http://a.test' }], failure: undefined }

test('a look that fails leaves the targets that were found before, and what has changed is told', async () => {
  const { source, told, look } = sourceOf(
    one,
    { members: undefined, failure: 'ETIMEOUT' },
    { members: undefined, failure: 'ETIMEOUT' },
    { members: [{ url: 'http://a.test' }], failure: undefined },
    { members: [], failure: undefined }
  )
  source.reporter = ({ state: { members, failure }, changes }) => {
    told.push(`${members?.length} ${failure} ${changes.members} ${changes.failure}`)
  }
  source.start()
  await source.looked
  for (let n = 0; n < 4; n++) await look()
  assert.deepEqual(told, ['1 undefined true false', '1 ETIMEOUT false true', '1 undefined false true', '0 undefined true false'])
})

test('a source looks at once and once, however often it is started, and calls off the next look when it is stopped', async () => {
  const { source, told, looks } = sourceOf(one, one)
  source.start().start()
  await source.looked
  source.start()
  assert.equal(looks(), 1)
  source.stop()
  assert.deepEqual(told, ['called off', 'stopped'])
})

test('who waits for the first look of a source that is stopped before it does not wait for ever', async () => {
  const source = new TargetSource({ look: async () => await new Promise(() => {}), schedule: () => () => {} })
  source.start().stop()
  await source.looked
})

test('a name that is not there has no targets; one that cannot be looked up keeps them', async () => {
  for (const [code, members, failure] of [
    ['ENOTFOUND', [], undefined],
    ['ENODATA', [], undefined],
    ['ETIMEOUT', undefined, 'ETIMEOUT']
  ] as const) {
    const resolver = { resolveSrv: async () => { throw Object.assign(new Error(code), { code }) } }
    const found = await createSrvResolver('http://_users._tcp.test', {}, resolver, bookOf({ addresses: [], ttl: 30, failure: undefined }))()
    assert.deepEqual([found.members, found.failure], [members, failure], code)
  }
})

test('the shortest time to live of several hosts counts, and their order is not that of the name server', async () => {
  const records = [
    { name: 'b.test', port: 2, weight: 0, priority: 1 },
    { name: 'b.test', port: 1, weight: 5, priority: 1 },
    { name: 'a.test', port: 9, weight: 1, priority: 1 },
    { name: 'z.test', port: 1, weight: 1, priority: 0 }
  ]
  const ttls: Readonly<Record<string, number>> = { 'a.test': 60, 'b.test': 20, 'z.test': 40 }
  const book = {
    find: async (name: string) => ({ addresses: [`addr-${name}`], ttl: ttls[name], failure: undefined }),
    keep () {}
  } as unknown as AddressBook
  for (const order of [records, records.toReversed()]) {
    const { members, validFor } = await createSrvResolver(
      'http://_users._tcp.test/base',
      { weight: 7 },
      { resolveSrv: async () => [...order] },
      book
    )()
    assert.equal(validFor, 20_000)
    assert.deepEqual(members?.map(({ url, settings }) => [url, settings?.weight, settings?.priority]), [
      ['http://z.test:1/base', 1, 0],
      ['http://a.test:9/base', 1, 1],
      ['http://b.test:1/base', 5, 1],
      ['http://b.test:2/base', 1, 1]
    ])
  }
})

test('the first look is told even if it has found nothing', async () => {
  const { source, told } = sourceOf({ members: undefined, failure: undefined })
  source.reporter = ({ changes }) => { told.push(`${changes.members} ${changes.failure}`) }
  source.start()
  await source.looked
  assert.deepEqual(told, ['false false'])
})

test('a source that another thread looks for knows what that one has found, and nobody waits for it any more', async () => {
  const { source, looks } = sourceOf()
  source.learn({ members: [{ url: 'http://a.test' }], failure: 'ETIMEOUT' })
  await source.looked
  assert.deepEqual([source.state, looks()], [{ members: [{ url: 'http://a.test' }], failure: 'ETIMEOUT' }, 0])
})
