/**
 * A canary at every place where a text may stand: from the environment, from a file, and written under a key that is secret. Then all that
 * the gateway ever says is read: the admin listener, `explain`, `config`, `check`, refusals, the log, metrics. None of them may sing.
 */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { isName } from '../../src/config/show/redactor.ts'
import { createLogger } from '../../src/logging/log.ts'
import { commandLine } from '../cli/captured.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { allPlaces, everything, fileOf, nameOf, pointerOf, withValue, type Path, type Place } from './everything.ts'
import { folder } from './folder.ts'
import { Writable } from 'node:stream'

type Source = 'variable' | 'file' | 'secret'

interface Canary {
  readonly path: Path
  readonly text: string
  /** What stands in the file. */
  readonly written: string
}


/** Every place for a text that is not one of few words. */
async function texts (origin: string): Promise<Place[]> {
  const seen = new Set<string>()
  return (await allPlaces(everything(origin))).filter(({ path, schema }) => {
    const free = (
      schema.type === 'string' || schema.type === undefined && Object.keys(schema).every(key => key === 'description')
    ) && schema.unit === undefined && schema.enum === undefined && !('const' in schema)
    const first = !seen.has(nameOf(path))
    if (free) seen.add(nameOf(path))
    return free && first
  })
}

function valueAt (value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value)
}

/** The canary of a place: alone, as the end of what stands there, or in a form that the place takes. */
function forms ({ path }: Place, index: number, source: Source, origin: string): Canary[] {
  const text = `canary${source}${String(index).padStart(4, '0')}sings`
  const written = source === 'variable' ? `\${C${index}}` : source === 'file' ? `\${file:c${index}}` : text
  const there = valueAt(everything(origin), path)
  const leads = [
    '',
    ...typeof there === 'string' ? [there] : [],
    '/',
    'http://127.0.0.1:1/',
    'header:',
    'Bearer ',
    'https://',
    'redis://:',
    'one-secret-of-at-least-32-characters-'
  ]
  return leads.map(lead => ({ path, text, written: `${lead}${written}${lead === 'redis://:' ? '@127.0.0.1:1' : ''}` }))
}

/** Whether one place is in the other. */
function clash (one: Path, other: Path): boolean {
  return `${pointerOf(one)}/`.startsWith(`${pointerOf(other)}/`) || `${pointerOf(other)}/`.startsWith(`${pointerOf(one)}/`)
}

/** Whether a problem may be about a place: it is there, below it, or at what holds it. */
function near (pointer: string, path: Path): boolean {
  return `${pointer}/`.startsWith(`${pointerOf(path)}/`) || pointer === pointerOf(path.slice(0, -1))
}

interface Tried { readonly read: number, readonly positions: number, readonly leaks: readonly string[] }

async function sing (t: TestContext, source: Source): Promise<Tried> {
  const target = await startTarget(t)
  const path = folder(t, {})
  const file = join(path, 'gateway.yaml')
  const env: Record<string, string> = {}
  const files: Record<string, string> = {}
  const places = (await texts(target.url)).filter(({
    path: at,
    schema
  }) => source === 'secret' ? schema.secret === true : source === 'file' || !isName(pointerOf(at)))
  const canaries: Canary[] = []
  const said: [string, string][] = []
  const fileWith = (all: readonly Canary[]): string => fileOf(all.reduce<unknown>(
    (config, { path: at, written }) => withValue(config, at, written),
    everything(target.url)
  ))
  /** The pointers that are to blame; none where the file is sound. */
  const blamed = async (all: readonly Canary[]): Promise<readonly string[]> => {
    writeFileSync(file, fileWith(all))
    try {
      const loaded = await loadConfig(file, { env, rootPlugins })
      said.push(['warnings', JSON.stringify(loaded.warnings)])
      return []
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error
      said.push([
        'a refusal',
        error.problems.map(problem => JSON.stringify({
          ...problem,
          position: undefined
        })).join('\n') + [...error.files.keys()].map(name => error.source(name)).join('\n')
      ])
      return error.problems.map(({ pointer }) => pointer)
    }
  }
  const tries = places.map((place, at) => forms(place, at, source, target.url))
  for (const [at, all] of tries.entries()) {
    if (source === 'variable') env[`C${at}`] = all[0]!.text
    if (source === 'file') { files[`c${at}`] = all[0]!.text; writeFileSync(join(path, `c${at}`), `${all[0]!.text}\n`) }
  }
  /** Adds the canaries that cause no problem beside those that are already there. */
  const take = async (some: readonly Canary[]): Promise<void> => {
    if (some.length === 0) return
    const wrong = await blamed([...canaries, ...some])
    if (wrong.length === 0) {
      canaries.push(...some)
      return
    }
    const left = some.filter(canary => !wrong.some(pointer => near(pointer, canary.path)))
    if (left.length < some.length) await take(left)
    else if (some.length > 1) for (const half of [some.slice(0, some.length >> 1), some.slice(some.length >> 1)]) await take(half)
  }
  for (let form = 0; form < 9; form++) {
    const waiting = tries.map(all => all[form]).filter(canary => canary !== undefined && canaries.every(({ path: taken }) => !clash(
      taken,
      canary.path
    ))) as Canary[]
    await take(waiting.filter((canary, at) => waiting.slice(0, at).every(other => !clash(other.path, canary.path))))
  }
  assert.deepEqual(await blamed(canaries), [])
  said.push(...await everythingSaid(t, fileWith(canaries), env, files))
  const leaks = said.flatMap(([where, what]) => {
    const found = new Set(what.match(/canary(?:variable|file|secret)\d{4}sings/g) ?? [])
    return [...found].map(text => `${where}: ${nameOf(canaries.find(canary => canary.text === text)?.path ?? [text])}`)
  })
  return { read: said.length, positions: canaries.length, leaks: [...new Set(leaks)] }
}

/** Starts a gateway with the file, uses it, and gives all that it says, by where. */
async function everythingSaid (
  t: TestContext,
  yaml: string,
  env: Record<string, string>,
  files: Record<string, string>
): Promise<[string, string][]> {
  const said: [string, string][] = []
  const log: string[] = []
  const stream = new Writable({ write (chunk: Buffer, _encoding, done) { log.push(chunk.toString()); done() } })
  const {
    gateway,
    url,
    admin,
    write
  } = await startGateway(t, yaml, { env, files, logger: createLogger({ level: 'trace', format: 'json' }, stream) })
  gateway.setLogLevel('trace')
  for (const path of [
    '/plain', '/a/b', '/fixed', '/json', '/moved', '/keys', '/users', '/local', '/opaque', '/asked', '/signed', '/body',
    '/shared', '/login', '/token', '/claims', '/split', '/%00', '/nowhere'
  ]) {
    const answer = await fetch(
      `${url}${path}`,
      {
        redirect: 'manual',
        method: 'POST',
        body: '{}',
        headers: {
          authorization: 'Bearer canarysecret9999sings',
          'x-api-key': 'canarysecret9998sings',
          cookie: 'session=canarysecret9997sings'
        }
      }
    )
    const problem = answer.headers.get('content-type')?.startsWith('application/problem') === true ? await answer.text() : ''
    said.push([`the refusal of ${path}`, problem])
  }
  for (const path of [
    '/', '/config', '/routes', '/upstreams', '/metrics', '/livez', '/readyz', '/version', '/status', '/log-level',
    '/routes?format=yaml&name=/fixed', '/routes?format=yaml&name=/moved', '/routes?format=yaml&name=/json',
    '/policies', '/explain?url=/plain', '/explain?method=GET&url=/a', '/explain?url=/fixed', '/explain?url=/moved',
    '/explain?url=/keys', '/explain?url=/token', '/explain?url=/asked', '/explain?url=/target', '/requests', '/requests?limit=500'
  ]) {
    const answer = await fetch(admin + path)
    said.push([`admin ${path}`, JSON.stringify([...answer.headers]) + await answer.text()])
  }
  const { onedoor } = commandLine(t, { env, files: { 'gateway.yaml': yaml, ...files } })
  for (const argv of [
    ['check'], ['check', '--json'], ['config'], ['config', '--json'], ['routes'], ['routes', '--json'],
    ['explain', '/plain'], ['explain', '--json', '/plain'], ['explain', 'GET', '/token'], ['explain', '/moved']
  ]) {
    const { stdout, stderr } = await onedoor(...argv)
    said.push([`onedoor ${argv.join(' ')}`, stdout + stderr])
  }
  write('routes:\n  - nothing\n')
  said.push(['a refused reload', JSON.stringify(await gateway.reload('test'))])
  await gateway.close(0)
  said.push(['the log', log.join('')])
  return said
}

for (const source of ['variable', 'file', 'secret'] as const) {
  test(`what comes from a ${source} is shown nowhere`, async t => {
    const { read, positions, leaks } = await sing(t, source)
    t.diagnostic(`${positions} positions, ${read} texts read`)
    assert.deepEqual(leaks, [])
  })
}
