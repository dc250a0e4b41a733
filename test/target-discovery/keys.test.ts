/** The keys of target discovery in the file. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'

/** What is wrong with these keys of an upstream, as `pointer message`. */
async function complaints (t: TestContext, upstream: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'gateway.yaml')
  writeFileSync(file, `upstreams: { users: { ${upstream} } }\nroutes: [{ path: /, upstream: users }]\n`)
  try {
    const { warnings } = await loadConfig(file, { env: {}, rootPlugins })
    return warnings.map(({ message }) => message)
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error
    return error.problems.map(({ pointer, message }) => `${pointer.replace('/upstreams/users/', '')} ${message}`)
  }
}

test('S2-044 an upstream without targets is refused', async t => {
  assert.deepEqual(await complaints(t, 'targets: []'), ['targets needs at least one item'])
})

test('a target is found in exactly one way', async t => {
  assert.deepEqual(await complaints(t, 'targets: [{ weight: 2 }]'), ['targets/0 missing key "url"'])
  assert.deepEqual(
    await complaints(t, 'targets: [{ url: "http://a", dns: "http://b" }]'),
    ['targets/0/dns a target can have only one address, and this one already has "url"']
  )
})

test('what cannot work is refused with its place', async t => {
  assert.deepEqual(await complaints(t, 'targets: [{ dns: "http://10.0.0.1:80" }]'), ['targets/0/dns 10.0.0.1 is an address already'])
  assert.deepEqual(
    await complaints(t, 'targets: [{ srv: "http://_a._tcp.b:81", weight: 2 }]'),
    ['targets/0/srv SRV records bring their own ports', 'targets/0/weight SRV records bring their own weights']
  )
  for (const wrong of ['http://me@a', 'http://a?b', 'http://a#b']) {
    assert.deepEqual(
      await complaints(t, `targets: [{ dns: "${wrong}" }]`),
      ['targets/0/dns a target is an origin with an optional base path']
    )
  }
  assert.deepEqual(
    await complaints(t, 'targets: [{ url: "http://a", refresh: 1s }]'),
    ['targets/0/refresh "refresh" is for targets with "dns" or "srv"']
  )
  assert.deepEqual(
    await complaints(t, 'targets: [{ dns: "http://a", refresh: 1s, minRefresh: 2s }]'),
    ['targets/0/minRefresh must not be longer than "refresh"']
  )
  assert.deepEqual(
    await complaints(t, 'targets: [http://a], resolvers: [localhost]'),
    ['resolvers/0 expected an IP address with an optional port, such as 127.0.0.1:53 or [::1]:53, got "localhost"']
  )
})

test('all ways may stand side by side', async t => {
  assert.deepEqual(
    await complaints(
      t,
      'targets: [http://a, { dns: "http://b:80/base", family: ipv4 }, { srv: "https://_c._tcp.d", refresh: 10s }, { file: ' +
        './targets.yaml }], resolvers: ["[::1]:53", 127.0.0.1]'
    ),
    []
  )
})
