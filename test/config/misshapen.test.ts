/**
 * Whatever stands at a place of the file: it loads and can be built, or what is wrong is told with file, line and column. Never a stack.
 * `MISSHAPEN=all` tries every place with every shape; the suite tries some that a seed picks.
 */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { dryRun } from '../../src/cli/dry-run.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Problem } from '../../src/config/check/problem.ts'
import { allPlaces, everything, fileOf, nameOf, Raw, withValue, type Path } from './everything.ts'
import { folder } from './folder.ts'

/** What people and programs leave behind where something else belongs. */
const shapes: Readonly<Record<string, unknown>> = {
  nothing: null,
  'empty text': '',
  space: ' ',
  text: 'traefik',
  'comma list': '10.0.0.0/8,127.0.0.1',
  number: 5,
  'negative number': -1,
  'large number': 1e300,
  infinity: new Raw('.inf'),
  boolean: true,
  'empty list': [],
  'list of nothing': new Raw('[null, ]'),
  'list of lists': [[]],
  'list of numbers': [1, 2, 2],
  'list of texts': ['x', 'x'],
  'list of mappings': [{}],
  'empty mapping': {},
  'unknown key': { 'unknown<>': 1 },
  'mapping of nothing': { some: null, url: null, plugin: null, path: null },
  url: 'http://',
  'control characters': '\u0001\u007f\n',
  'long text': 'x'.repeat(100_000),
  'long list': Array.from({ length: 1000 }, (_, index) => index),
  'deep mapping': JSON.parse('{"a":'.repeat(30) + '1' + '}'.repeat(30)),
  alias: new Raw('*shared'),
  'alias of nothing': new Raw('*missing'),
  variable: '${NOT_SET}',
  'empty file': '${file:empty}',
  template: '${params.x}${claims.y}${',
  'reserved name': { __proto__: null, constructor: 1 },
  date: new Raw('2026-11-29T00:00:00Z'),
  tagged: new Raw('!!binary aGk=')
}

/** The parts of the sound file that a place needs around it: a smaller file is read sooner. */
function around (path: Path): Record<string, unknown> {
  const whole = { 'x-shared': new Raw('&shared { targets: [], policies: [x] }'), ...everything('http://127.0.0.1:1') }
  const { upstreams, policies, routes, ...rest } = whole as unknown as {
    upstreams: Record<string, unknown>,
    policies: Record<string, unknown>,
    routes: { policies?: string[], upstream?: string }[]
  }
  if (path.length < 2 || path[0] === 'routes' || path[0] === 'server') return whole
  const named = path[0] === 'policies' ? ['keys', 'local', 'limit', 'places', String(path[1])] : []
  const pick = (
    names: readonly string[],
    all: Record<string, unknown>
  ): Record<string, unknown> => Object.fromEntries(names.filter(name => name in all).map(name => [name, all[name]]))
  return {
    ...path[0] === 'policies' || path[0] === 'upstreams' ? {} : rest,
    server: { host: '127.0.0.1', port: 0 },
    'x-shared': whole['x-shared'],
    upstreams: path[0] === 'upstreams' ? upstreams : pick(['main'], upstreams),
    policies: pick(named, policies),
    routes: routes.filter(
      route => (route.policies ?? []).every(name => named.includes(name)) && (path[0] === 'upstreams' || route.upstream === 'main')
    )
  }
}

/** A generator that gives the same numbers in every run (mulberry32). */
function seeded (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function complaintAbout (problems: readonly Problem[]): string | undefined {
  for (const { position, message, hint = '' } of problems) {
    if (position === undefined || !(position.line > 0 && position.column > 0)) return `without a place: ${message}`
    if (/TypeError|RangeError|\bat .*:\d+:\d+|\[object|undefined|not a function|Cannot (?:read|destructure)/.test(message + hint)) {
      return message
    }
    if (message.length > 600) return `${message.length} characters`
  }
  return problems.length > 0 ? undefined : 'refused without a problem'
}

test('a misshapen file is told about with places, or builds', async t => {
  const path = folder(t, { empty: '' })
  const file = join(path, 'gateway.yaml')
  const cases = (await allPlaces(everything('http://127.0.0.1:1'))).flatMap(place => Object.entries(shapes).map(([shape, value]) => ({
    place,
    shape,
    value
  })))
  const random = seeded(10)
  const all = process.env['MISSHAPEN'] === 'all'
  const chosen = all ? cases : cases.filter(({
    place,
    shape
  }) => random() < 250 / cases.length || (place.schema.secret === true && shape === 'long text'))
  const faults: string[] = []
  let refused = 0
  for (const { place, shape, value } of chosen) {
    const said = (what: string): number => faults.push(`${nameOf(place.path)} = ${shape}: ${what.slice(0, 500)}`)
    writeFileSync(file, fileOf(withValue(around(place.path), place.path, value)))
    try {
      const loaded = await loadConfig(file, { env: {}, rootPlugins })
      const built = await dryRun(loaded)
      await built.close()
    } catch (error) {
      refused++
      if (error instanceof ConfigRefused) {
        const complaint = complaintAbout(error.problems)
        if (complaint !== undefined) said(complaint)
      } else said((error as Error).stack ?? String(error))
    }
  }
  for (const path of [
    ['server'],
    ['metrics', 'path'],
    ['upstreams', 'main', 'tls'],
    ['routes', 0, 'path'],
    ...Object.keys(everything('')['policies'] as object).map(name => ['policies', name, 'plugin'])
  ]) {
    writeFileSync(file, fileOf(around(path)))
    await assert.doesNotReject(loadConfig(file, { env: {}, rootPlugins }), `the sound file around ${nameOf(path)}`)
  }
  t.diagnostic(`${chosen.length} files, ${refused} refused`)
  assert.deepEqual(faults, [])
})
