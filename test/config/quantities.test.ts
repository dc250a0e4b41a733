/**
 * Every quantity of the schema at its edges: refused where it stands, or in force without a timer that fires at another
 * time than it should. Timers of Node take a delay above 2^31 - 1 ms, or one that is no number, for 1 ms.
 */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import type { JsonSchema } from '../../src/config/schema/json-schema.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { longestWait } from '../../src/config/schema/units.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { allPlaces, everything, fileOf, nameOf, pointerOf, Raw, withValue, type Path, type Place } from './everything.ts'
import { folder } from './folder.ts'

type Kind = 'duration' | 'size' | 'rate' | 'number'

/** Values at the edges of each kind; those of `nonsense` are good nowhere. */
const edges: Readonly<Record<Kind, readonly unknown[]>> = {
  duration: ['0s', '1ms', '1.5s', '24d', '24d20h31m23s648ms', '30d', '3650d'],
  size: ['0b', '1b', '1.5kib', '1gib', '1024tib'],
  rate: ['1/ms', '1/3650d', '1000000000/s'],
  number: [0, 1, 0.5, 1.5, 100_000, 2 ** 31, 2 ** 32, 2 ** 53, new Raw('1e2')]
}

const nonsense: Readonly<Record<Kind, readonly unknown[]>> = {
  duration: ['0.4ms', '3651d', '99999999999999999999d', '1e309s', '-1s', 'NaN', '1s2m', '', '5', -1, 5, 1e300, new Raw('.inf'), null],
  size: ['0.3b', '1025tib', '9007199254740993b', '1e9b', '-1b', '', 7, new Raw('.nan'), null],
  rate: ['0.5/s', '1/0s', '1/3651d', '1000000001/s', '99999999999999999999/s', '-1/s', '1/', null],
  number: [-1, 1e300, 2 ** 53 + 2, new Raw('1e309'), new Raw('-.inf'), new Raw('.nan'), '1', null]
}

function kindOf ({ schema }: Place): Kind | undefined {
  return schema.unit ?? (schema.type === 'integer' || schema.type === 'number' ? 'number' : undefined)
}

/** Values of claims are what issuers say, and quantities of nothing. */
const isClaim = ({ path }: Place): boolean => path[0] === 'policies' && path[1] === 'claims'


async function quantities (): Promise<Map<Kind, Place[]>> {
  const places = (await allPlaces(everything('http://127.0.0.1:1')))
    .filter(place => kindOf(place) !== undefined && !isClaim(place) && !('const' in place.schema))
  return Map.groupBy(places, place => kindOf(place)!)
}

/** Sets of places that can all have a value at once: none is in another, no two are the same. */
function together (places: readonly Place[]): Place[][] {
  const sets: Place[][] = []
  for (const place of places) {
    const clash = (other: Place): boolean => `${pointerOf(other.path)}/`.startsWith(`${pointerOf(place.path)}/`) ||
      `${pointerOf(place.path)}/`.startsWith(`${pointerOf(other.path)}/`)
    const set = sets.find(others => !others.some(clash))
    if (set === undefined) sets.push([place])
    else set.push(place)
  }
  return sets
}

/** Loads the sound file with `value` at all places; the places that were refused, each by a problem of its own line. */
async function refusedOf (file: string, places: readonly Place[], value: unknown, origin = 'http://127.0.0.1:1'): Promise<Set<Place>> {
  writeFileSync(file, fileOf(places.reduce<unknown>((config, { path }) => withValue(config, path, value), everything(origin))))
  try {
    await loadConfig(file, { env: {}, rootPlugins })
    return new Set()
  } catch (error) {
    assert.ok(error instanceof ConfigRefused, String((error as Error).stack))
    const refused = new Set<Place>()
    for (const { pointer, position, message } of error.problems) {
      assert.ok(position !== undefined && position.line > 0, `${pointer} ${message}`)
      // A check may blame the key beside the one that was changed, or all of the mapping.
      const blamed = places.filter(({ path }) => pointerOf(path) === pointer)
      const near = blamed.length > 0 ? blamed : places.filter(({ path }) => pointerOf(path.slice(
        0,
        -1
      )) === pointer || pointer.startsWith(`${pointerOf(path.slice(0, -1))}/`))
      assert.ok(near.length > 0, `${pointer} ${message}`)
      for (const place of near) refused.add(place)
    }
    return refused
  }
}

const shown = (value: unknown): string => value instanceof Raw ? value.text : JSON.stringify(value)

test('every number of the schema has a smallest and a largest value', async () => {
  const limits = (schema: JsonSchema): boolean => 'maximum' in schema && ('minimum' in schema || 'exclusiveMinimum' in schema)
  const all = (await quantities()).get('number')!
  assert.deepEqual(all.filter(({ schema }) => !limits(schema)).map(({ path }) => nameOf(path)), [])
})

test('nonsense is refused at every quantity of the schema, each at its place', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  let tried = 0
  for (const [kind, places] of await quantities()) {
    for (const value of nonsense[kind]) {
      for (const set of together(places)) {
        const fits = set.filter(({ schema, path }) => !isFine(schema, path, value))
        const refused = await refusedOf(file, fits, value)
        assert.deepEqual(fits.filter(place => !refused.has(place)).map(({ path }) => `${nameOf(path)}: ${shown(value)}`), [])
        tried += fits.length
      }
    }
  }
  t.diagnostic(`${[...(await quantities()).values()].flat().length} keys, ${tried} refusals`)
})

/** A word or a list of other alternatives may be right, and so may a large number where numbers are what may be large. */
function isFine (schema: JsonSchema, path: Path, value: unknown): boolean {
  if (value === null) return false
  const key = path.at(-1)
  return (schema.unit === 'rate' && (key === 'limit' || path.at(-2) === 'limit') && typeof value === 'number') ||
    (schema.type === 'integer' && (key === 'limit') && typeof value === 'string')
}

/** Starts a gateway with the values that are accepted, asks it something and stops it; meanwhile every timer is looked at. */
async function tryOut (t: TestContext, places: readonly Place[], value: unknown): Promise<number> {
  const target = await startTarget(t)
  const file = join(folder(t, {}), 'gateway.yaml')
  let accepted = [...places]
  for (let round = 0; round < 5; round++) {
    const refused = await refusedOf(file, accepted, value)
    if (refused.size === 0) break
    accepted = accepted.filter(place => !refused.has(place))
  }
  if (accepted.length === 0) return 0
  const config = accepted.reduce<unknown>((whole, { path }) => withValue(whole, path, value), everything(target.url))
  const { url, gateway } = await startGateway(t, fileOf(config))
  // A connection may have ended before its request was read, after a millisecond.
  const answer = await fetch(`${url}/plain`).catch(() => undefined)
  if (value === '30d' || value === '3650d') assert.equal(answer?.status, 200)
  await answer?.text()
  await gateway.close(0)
  return accepted.length
}

/** Ports that must be free, and files and services that there are not. */
const leftAlone = new Set(['server.port', 'listeners.0.port', 'admin.port', 'mocks.services.0.port'])

test('no quantity that is accepted makes a timer fire at another time', async t => {
  const faults: string[] = []
  const warned = (warning: Error): void => { if (/Timeout/.test(warning.name)) faults.push(warning.message) }
  process.on('warning', warned)
  const real = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval }
  const watched = (timer: typeof setTimeout | typeof setInterval) => (callback: () => void, delay: unknown = 1, ...rest: unknown[]) => {
    if (typeof delay !== 'number' || !(delay >= 0 && delay <= 2 ** 31 - 1)) faults.push(`${String(delay)} ${new Error('timer').stack}`)
    return timer(callback, delay as number, ...rest as [])
  }
  Object.assign(globalThis, { setTimeout: watched(real.setTimeout), setInterval: watched(real.setInterval) })
  let accepted = 0
  try {
    for (const [kind, places] of await quantities()) {
      const sets = together(places.filter(({ path }) => !leftAlone.has(nameOf(path))))
      for (const value of edges[kind]) for (const set of sets) accepted += await tryOut(t, set, value)
    }
    await new Promise(resolve => setImmediate(resolve))
  } finally {
    Object.assign(globalThis, real)
    process.off('warning', warned)
  }
  assert.deepEqual(faults, [])
  t.diagnostic(`${accepted} in force`)
})

test('a wait above 24 days is one of 24 days; a time without a timer is kept', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  writeFileSync(
    file,
    'server: { shutdown: { timeout: 30d } }\nupstreams: { s: { targets: ["http://127.0.0.1:1"], timeouts: { response: 30d, total: 40d ' +
      '}, circuitBreaker: { openFor: 30d, maxOpenFor: 60d } } }\nroutes: [{ path: /, upstream: s }]\n'
  )
  const { config, warnings } = await loadConfig(file, { env: {}, rootPlugins })
  assert.deepEqual(warnings, [])
  assert.equal(longestWait, 24 * 86_400_000)
  assert.deepEqual(
    [config.server.shutdown.timeout, config.upstreams['s']!.timeouts.response, config.upstreams['s']!.timeouts.total],
    [longestWait, longestWait, longestWait]
  )
  assert.deepEqual(
    [config.upstreams['s']!.circuitBreaker!.openFor, config.upstreams['s']!.circuitBreaker!.maxOpenFor],
    [30 * 86_400_000, 60 * 86_400_000]
  )
})
