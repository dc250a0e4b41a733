/** What the files of the machine say about names. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { candidatesOf, parseHosts, parseSearchList, reading } from '../../src/dns/system-files.ts'

test('a hosts file: several names a line, several lines a name, comments, capitals, tabs, no nonsense', () => {
  const hosts = parseHosts(
    '127.0.0.1\tlocalhost Box # me\n::1 localhost\n#10.0.0.9 gone\n10.0.0.1 users\n10.0.0.2 users\n10.0.0.1 users\nnonsense ' +
      'users\nfe80::1%lo0 localhost\n\r\n10.0.0.3 last\r\n'
  )
  assert.deepEqual(Object.fromEntries(hosts), {
    localhost: ['127.0.0.1', '::1'],
    box: ['127.0.0.1'],
    users: ['10.0.0.1', '10.0.0.2'],
    last: ['10.0.0.3']
  })
})

test('a resolv.conf: the last search or domain counts, and ndots', () => {
  assert.deepEqual(parseSearchList(''), { domains: [], ndots: 1 })
  assert.deepEqual(
    parseSearchList('nameserver 10.96.0.10\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:1\n'),
    { domains: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'], ndots: 5 }
  )
  assert.deepEqual(parseSearchList('search a b\ndomain c. d\n; search e\noptions ndots:0'), { domains: ['c'], ndots: 0 })
  assert.deepEqual(parseSearchList('search . a\noptions ndots:99'), { domains: ['a'], ndots: 15 })
})

const kubernetes = { domains: ['shop.svc.cluster.local', 'svc.cluster.local'], ndots: 5 }

for (const [name, list, expected] of [
  ['users', kubernetes, ['users.shop.svc.cluster.local', 'users.svc.cluster.local', 'users']],
  ['users.shop', kubernetes, ['users.shop.shop.svc.cluster.local', 'users.shop.svc.cluster.local', 'users.shop']],
  ['a.b.c.d.e.f', kubernetes, ['a.b.c.d.e.f', 'a.b.c.d.e.f.shop.svc.cluster.local', 'a.b.c.d.e.f.svc.cluster.local']],
  ['users.', kubernetes, ['users']],
  ['users', { domains: [], ndots: 0 }, ['users']],
  ['users', { domains: ['corp'], ndots: 0 }, ['users', 'users.corp']],
  ['api.example.com', { domains: ['corp'], ndots: 1 }, ['api.example.com', 'api.example.com.corp']]
] as const) {
  test(`${name} with ndots:${list.ndots} stands for ${expected.join(', ')}`, () => assert.deepEqual(candidatesOf(name, list), expected))
}

test('a file is read again when it changes, and one that is not there says nothing', t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'hosts')
  const read = reading(file, parseHosts)
  assert.equal(read().size, 0)
  writeFileSync(file, '10.0.0.1 a')
  assert.deepEqual([...read().keys()], ['a'])
  assert.equal(read(), read())
  writeFileSync(file, '10.0.0.1 a b')
  assert.deepEqual([...read().keys()], ['a', 'b'])
  rmSync(file)
  assert.equal(read().size, 0)
})

test('a file of more than 4 MiB says nothing', t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'hosts')
  const read = reading(file, text => text.length)
  for (const [size, expected] of [[4 * 1024 * 1024, 4 * 1024 * 1024], [4 * 1024 * 1024 + 1, 0]] as const) {
    writeFileSync(file, '#'.repeat(size))
    assert.equal(read(), expected)
  }
})
