/** Every pair of quantities that has an order: the wrong way round it is an error or a warning at the smaller one, with a place. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import type { JsonSchema } from '../../src/config/schema/json-schema.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Problem } from '../../src/config/check/problem.ts'
import { allPlaces, everything, fileOf, nameOf, pointerOf, withValue, type Path, type Place } from './everything.ts'
import { folder } from './folder.ts'

/** A pair, by the places of the two. */
interface Pair {
  readonly least: Path
  readonly most: Path
  readonly wrong: readonly [least: unknown, most: unknown]
  readonly severity: Problem['severity']
}

const main = ['upstreams', 'main']
const active = [...main, 'healthChecks', 'active']

/** What plugins check by themselves, because one of the two may be absent or equal values count. */
const checkedByPlugins: readonly Pair[] = [
  { least: [...active, 'timeout'], most: [...active, 'interval'], wrong: ['2s', '2s'], severity: 'error' },
  { least: [...active, 'interval'], most: [...active, 'noTrafficInterval'], wrong: ['20s', '10s'], severity: 'error' },
  { least: [...main, 'adaptiveConcurrency', 'min'], most: [...main, 'adaptiveConcurrency', 'max'], wrong: [20, 10], severity: 'error' },
  {
    least: [...main, 'adaptiveConcurrency', 'initial'],
    most: [...main, 'adaptiveConcurrency', 'max'],
    wrong: [300, 200],
    severity: 'error'
  },
  { least: [...main, 'circuitBreaker', 'slowerThan'], most: [...main, 'timeouts', 'response'], wrong: ['5s', '3s'], severity: 'warning' },
  { least: ['tracing', 'batch', 'size'], most: ['tracing', 'batch', 'queue'], wrong: [20, 10], severity: 'error' },
  {
    least: ['policies', 'login', 'published', 'minimumRefresh'],
    most: ['policies', 'login', 'published', 'refresh'],
    wrong: ['2m', '1m'],
    severity: 'error'
  },
  {
    least: ['upstreams', 'found', 'targets', 0, 'minRefresh'],
    most: ['upstreams', 'found', 'targets', 0, 'refresh'],
    wrong: ['2m', '1m'],
    severity: 'error'
  }
]

async function allPairs (): Promise<Pair[]> {
  const config = everything('http://127.0.0.1:1')
  const declared = (await allPlaces(config)).flatMap(({ path, schema }) => (schema.order ?? []).map(({ least, most, warning }): Pair => {
    const size = innerOf(schema, least.split('.'))?.unit === 'size'
    return {
      least: [...path, ...least.split('.')],
      most: [...path, ...most.split('.')],
      wrong: size ? ['4kib', '2kib'] : ['20s', '10s'],
      severity: warning === undefined ? 'error' : 'warning'
    }
  }))
  assert.ok(declared.length >= 10, String(declared.length))
  return [...declared, ...checkedByPlugins]
}

function innerOf (schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((inner, key) => inner?.properties?.[key], schema)
}


test('every pair is told when it is the wrong way round, and not when it is right', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  const load = async (values: readonly (readonly [Path, unknown])[]): Promise<readonly Problem[]> => {
    writeFileSync(
      file,
      fileOf(values.reduce<unknown>((config, [path, value]) => withValue(config, path, value), everything('http://127.0.0.1:1')))
    )
    try {
      return (await loadConfig(file, { env: {}, rootPlugins })).warnings
    } catch (error) {
      assert.ok(error instanceof ConfigRefused)
      return error.problems
    }
  }
  for (const { least, most, wrong: [small, large], severity } of await allPairs()) {
    // Either the smaller of the two is blamed, or the larger one.
    const about = ({ pointer }: Problem): boolean => pointer === pointerOf(least) || pointer === pointerOf(most)
    const told = (await load([[least, small], [most, large]])).filter(about)
    assert.deepEqual(told.map(problem => problem.severity), [severity], `${nameOf(least)} above ${nameOf(most)}`)
    assert.ok(told[0]!.position !== undefined)
    const right = (await load([[least, large], [most, small]])).filter(about)
    assert.deepEqual(small === large ? [] : right, [], `${nameOf(least)} below ${nameOf(most)}`)
  }
})

test('a part that exceeds the default of its whole is no problem, and neither is a whole of zero', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  for (const timeouts of [{ total: '1s' }, { total: '0s', response: '10m' }, { response: '0s' }]) {
    writeFileSync(file, fileOf({ upstreams: { s: { targets: ['http://127.0.0.1:1'], timeouts } }, routes: [{ path: '/', upstream: 's' }] }))
    assert.deepEqual((await loadConfig(file, { env: {}, rootPlugins })).warnings, [])
  }
})

test('two keys whose names say that one bounds the other are such a pair', async () => {
  const quantities = (await allPlaces(everything('http://127.0.0.1:1')))
    .filter(({ schema }) => schema.unit !== undefined || schema.type === 'integer' || schema.type === 'number')
  const known = new Set((await allPairs()).map(({ least, most }) => `${nameOf(least)} ${nameOf(most)}`))
  const undeclared = quantities.flatMap(place => quantities
    .filter(other => beside(place, other) && bounds(String(place.path.at(-1)), String(other.path.at(-1))))
    .map(other => `${nameOf(place.path)} ${nameOf(other.path)}`))
  assert.deepEqual(undeclared.filter(pair => !known.has(pair)), [])
})

function beside (one: Place, other: Place): boolean {
  return one !== other && nameOf(one.path.slice(0, -1)) === nameOf(other.path.slice(0, -1))
}

/** Whether `most` is the upper bound of `least`, by their names. */
function bounds (least: string, most: string): boolean {
  const stem = (name: string): string => name.replace(/^(?:min|minimum|max|maximum)(?=[A-Z])/, '').toLowerCase()
  const lower = /^(?:min|minimum|base|initial)$/.test(least) && /^(?:max|maximum)$/.test(most)
  const alike = stem(least) === stem(most) && (/^min(?:imum)?[A-Z]/.test(least) || /^max(?:imum)?[A-Z]/.test(most))
  return lower || alike
}
