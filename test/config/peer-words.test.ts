/** Words of other gateways in a configuration, and what is suggested in their place. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { peerWords } from '../../src/config/check/peer-words.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { composeSchema } from '../../src/config/schema/compose.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { builtInBalancers } from '../../plugins/core/load-balancing/built-in.ts'
import { folder } from './folder.ts'

/** All names of keys in a schema. */
function keysOf (schema: unknown, keys = new Set<string>()): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return keys
  for (const [name, inner] of Object.entries(schema)) {
    if (name === 'properties') for (const key of Object.keys(inner as object)) keys.add(key)
    keysOf(inner, keys)
  }
  return keys
}

test('everything that is suggested exists', () => {
  const known = new Set([...keysOf(composeSchema(rootPlugins).file), ...builtInBalancers.keys(), 'limit'])
  for (const [word, meant] of Object.entries(peerWords)) {
    assert.match(word, /^[a-z0-9]+$/)
    for (const ours of meant) assert.ok(known.has(ours), `${word}: ${ours}`)
  }
})

const upstream = (keys: string): string => `upstreams: { a: { targets: ["http://a:1"], ${keys} } }\nroutes: [{ path: /, upstream: a }]`
const route = (keys: string): string => `routes: [{ path: /, target: "http://a:1", ${keys} }]`

const cases: [place: (keys: string) => string, written: string, hint: string][] = [
  [upstream, 'balance: least_conn', 'did you mean "least-connections"?'],
  [upstream, 'balance: round_robin', 'did you mean "round-robin"?'],
  [upstream, 'balance: ip_hash', 'did you mean "consistent-hash", with key: ip?'],
  [upstream, 'balance: { algorithm: leastRequest }', 'did you mean "least-connections"?'],
  [upstream, 'timeout: 5s', 'did you mean "timeouts"?'],
  [upstream, 'timeouts: { read_timeout: 5s }', 'did you mean "response"?'],
  [upstream, 'retries: 3', 'did you mean "retry"?'],
  [upstream, 'outlier_detection: {}', 'did you mean "healthChecks"?'],
  [upstream, 'lb_policy: random', 'did you mean "balance"?'],
  [route, 'plugins: [a]', 'did you mean "policies"?'],
  [route, 'rate_limit: 5/s', 'did you mean "policies", with plugin: rate-limiting?'],
  [route, 'strip_path: true', 'did you mean "stripPrefix"?'],
  [route, 'proxy_pass: "http://a:1"', 'did you mean "target"?'],
  [route, 'hosts: [a]', 'did you mean "host"?'],
  [route, 'timeout: 5s', 'write "timeouts" in the upstream of the route'],
  [route, 'retry: {}', 'write "retry" in the upstream of the route'],
  [route, 'load_balancing: {}', 'write "balance" in the upstream of the route'],
  [keys => `${keys}\n${route('name: a')}`, 'services: {}', 'did you mean "upstreams"?'],
  [keys => `${keys}\n${route('name: a')}`, 'backends: {}', 'did you mean "upstreams"?'],
  [keys => `${keys}\n${route('name: a')}`, 'middlewares: {}', 'did you mean "policies"?'],
  [keys => `${keys}\n${route('name: a')}`, 'entryPoints: {}', 'did you mean "server"?']
]

test('a word of another gateway is answered with the one of this', async t => {
  const cwd = folder(t, Object.fromEntries(cases.map(([place, written], index) => [`${index}.yaml`, place(written)])))
  for (const [index, [, written, hint]] of cases.entries()) {
    await assert.rejects(loadConfig(join(cwd, `${index}.yaml`), { env: {}, rootPlugins }), (error: unknown) => {
      assert.ok(error instanceof ConfigRefused)
      assert.deepEqual(error.problems.map(problem => problem.hint), [hint], written)
      return true
    })
  }
})
