/**
 * What comes from others comes in exact versions, runs nothing when it is installed, and stands in
 * docs/understand/dependencies.md with its licence.
 */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

interface Manifest {
  readonly license?: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

interface Locked { readonly resolved?: string, readonly hasInstallScript?: boolean, readonly dev?: boolean }

const root = fileURLToPath(new URL('../../', import.meta.url))
const json = <T> (file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T

const manifest = json<Manifest>('package.json')
const direct = { ...manifest.dependencies, ...manifest.devDependencies }
const locked = Object.entries(json<{ packages: Record<string, Locked> }>('package-lock.json').packages)

test('every direct dependency is pinned to one version', () => {
  assert.deepEqual(Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)), [])
})

test('only packages for development bring a script that runs when it is installed', () => {
  const scripted = locked.filter(([, entry]) => entry.hasInstallScript)
  // Below @grpc/grpc-js; its script only compares version numbers.
  assert.deepEqual(scripted.map(([place]) => place), ['node_modules/node', 'node_modules/protobufjs'])
  assert.ok(scripted.every(([, entry]) => entry.dev === true))
})

test('the lock file names no registry, so that any may serve it', () => {
  assert.deepEqual(locked.filter(([, entry]) => entry.resolved !== undefined).map(([place]) => place), [])
})

test('docs/understand/dependencies.md lists the direct dependencies and no others, each with the licence of its package', () => {
  const page = documented()
  assert.deepEqual([...page.keys()].toSorted(), Object.keys(direct).toSorted())
  const stated = Object.keys(direct).map(name => [name, json<Manifest>(`node_modules/${name}/package.json`).license])
  assert.deepEqual(Object.keys(direct).map(name => [name, page.get(name)]), stated)
})

/** Licences by package: names before a bracket. */
function documented (): Map<string, string> {
  const page = readFileSync(join(root, 'docs/understand/dependencies.md'), 'utf8').split('\n## ')[0]!
  const bracketed = [...page.matchAll(/(`[^`]+`(?:\sand\s`[^`]+`)*)\s\(([\w.-]+)[,)]/g)]
  return new Map(bracketed.flatMap(([, names, licence]) => [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => [
    name!,
    licence!
  ] as const)))
}
