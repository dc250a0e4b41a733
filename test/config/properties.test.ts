/**
 * Whatever sound file is written: it loads, what is in force loads again as the same, and a single problem in
 * it is reported where it stands.
 */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { rootPlugins } from '../../src/gateway/app.ts'
import { asWritten } from '../../src/config/show/as-written.ts'
import { effectiveConfig } from '../../src/config/show/effective.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig, type Loaded } from '../../src/config/load.ts'
import { folder } from './folder.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/).filter(word => !word.startsWith('x-'))
const duration = fc.tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom('ms', 's')).map(([count, unit]) => `${count}${unit}`)
const url = fc.integer({ min: 1, max: 65535 }).map(port => `http://127.0.0.1:${port}`)
const target = fc.oneof(url, fc.record({ url, weight: fc.integer({ min: 1, max: 9 }) }))
const originOf = (entry: string | { readonly url: string }): string => typeof entry === 'string' ? entry : entry.url

const upstream = fc.record({
  targets: fc.uniqueArray(target, { minLength: 1, maxLength: 4, selector: originOf }),
  balance: fc.constantFrom('round-robin', 'weighted-round-robin', 'least-connections', 'power-of-two'),
  timeouts: fc.record({ connect: duration, idle: duration }, { requiredKeys: [] }),
  retry: fc.record({ attempts: fc.integer({ min: 1, max: 4 }) }),
  circuitBreaker: fc.record({ failures: fc.integer({ min: 1, max: 9 }), openFor: duration })
}, { requiredKeys: ['targets'] })

const policy = fc.record(
  {
    plugin: fc.constant('rate-limiting'),
    limit: fc.integer({ min: 1, max: 999 }).map(count => `${count}/s`),
    burst: fc.integer({ min: 1, max: 99 })
  },
  { requiredKeys: ['plugin', 'limit'] }
)

const file = fc.record({
  upstreams: fc.dictionary(name, upstream, { minKeys: 1, maxKeys: 3 }),
  policies: fc.dictionary(name, policy, { maxKeys: 3 }),
  paths: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
  wildcard: fc.boolean(),
  pick: fc.nat()
}).map(({ upstreams, policies, paths, wildcard, pick }) => ({
  upstreams: { ...upstreams },
  policies: { ...policies },
  routes: paths.map((path, index) => ({
    path: wildcard ? `/${path}/*` : `/${path}/:id`,
    upstream: Object.keys(upstreams)[(pick + index) % Object.keys(upstreams).length]!,
    policies: Object.keys(policies)
  }))
}))

/** Loads what JSON is in YAML: a mapping over many lines. */
async function load (path: string, text: string): Promise<Loaded> {
  writeFileSync(path, text)
  return await loadConfig(path, { env: {}, rootPlugins })
}

const written = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
const place = (t: TestContext): string => join(folder(t, {}), 'gateway.yaml')

test('what is in force loads again as the same', async t => {
  const path = place(t)
  await fc.assert(fc.asyncProperty(file, async value => {
    const first = await load(path, written(value))
    const shown = asWritten(first, effectiveConfig(first))
    const second = await load(path, written(shown))
    assert.deepEqual(second.config, first.config)
    assert.deepEqual(asWritten(second, effectiveConfig(second)), shown)
  }), { numRuns: 10 })
})

type Place = readonly (string | number)[]

/** Every mapping and every value of a file, as the steps that lead there. */
function places (value: unknown, steps: Place = []): { readonly steps: Place, readonly mapping: boolean }[] {
  if (typeof value !== 'object' || value === null) return [{ steps, mapping: false }]
  const below = Object.entries(value).flatMap(([key, inner]) => places(inner, [...steps, Array.isArray(value) ? Number(key) : key]))
  return Array.isArray(value) ? below : [{ steps, mapping: true }, ...below]
}

const marker = 'mistake<>here'

/** The value with an unknown key in a mapping, or with a word in place of a scalar that no scalar there may be. */
function spoilt (value: unknown, [step, ...rest]: Place, mapping: boolean): unknown {
  if (step === undefined) return mapping ? { ...value as object, [marker]: 1 } : marker
  if (Array.isArray(value)) return value.map((inner: unknown, index) => index === step ? spoilt(inner, rest, mapping) : inner)
  const record = value as Record<string, unknown>
  return { ...record, [step]: spoilt(record[step], rest, mapping) }
}

/** Names are free where these are the parents; a new one is no unknown key there. */
const freeKeys = new Set(['upstreams', 'policies'])

test('one problem anywhere is reported once, with its line and column', async t => {
  const path = place(t)
  await fc.assert(fc.asyncProperty(file, fc.nat(), async (value, pick) => {
    // A route without a leading slash, a policy of another plugin and so on are all problems; a mapping of free names cannot have one.
    const candidates = places(value).filter(({ steps, mapping }) => !(mapping && steps.length === 1 && freeKeys.has(String(steps[0]))))
    const { steps, mapping } = candidates[pick % candidates.length]!
    const text = written(spoilt(value, steps, mapping))
    const before = text.slice(0, text.indexOf(`"${marker}"`)).split('\n')
    const refusal = await load(path, text).then(() => undefined, (error: unknown) => error)
    assert.ok(refusal instanceof ConfigRefused, `accepted with a mistake at /${steps.join('/')}`)
    assert.deepEqual(
      refusal.problems.map(({ position }) => [position?.line, position?.column]),
      [[before.length, before.at(-1)!.length + 1]],
      `/${steps.join('/')}: ${refusal.message}`
    )
  }), { numRuns: 20 })
})
