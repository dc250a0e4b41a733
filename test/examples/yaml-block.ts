/** The YAML blocks of a page, each completed to a whole configuration. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { certificateFiles } from './certificates.ts'
import { builtInNames } from '../../src/gateway/plugin-loading.ts'

/** One block. */
export interface YamlBlock {
  /** Where its fence is, counted from 1. */
  readonly line: number
  /** What a configuration with it consists of, by path. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * All blocks of a page. Where a block has no `routes:` it gets one, and the word after `yaml` says where a fragment
 * belongs: ```yaml routes is a list of routes, ```yaml policies the policies by name, ```yaml upstream the keys of one
 * upstream, ```yaml server those of the server.
 */
export function yamlBlocks (markdown: string): YamlBlock[] {
  return [...markdown.matchAll(/^```ya?ml(?: (\w+))?.*\n([^]*?)^```$/gm)].map(([, place, text], index, all) => ({
    line: markdown.slice(0, all[index]!.index).split('\n').length,
    files: { 'gateway.yaml': complete(place, text!), ...standIns(text!), ...certificateFiles(text!) }
  }))
}

/** Writes a block into a folder that is removed after the test, and returns the path of its configuration. */
export function write (t: TestContext, files: YamlBlock['files']): string {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text, { mode: name.endsWith('.key') ? 0o600 : 0o644 })
  }
  return join(folder, 'gateway.yaml')
}

const someRoutes = 'routes: [{ path: /, respond: {} }]\n'

/** How a fragment becomes a configuration, by where it belongs. */
const completions: Readonly<Record<string, (text: string) => string>> = {
  routes: text => `routes:\n${indented(text, 2)}` +
    missing('upstreams', names(text, 'upstream'), '{ targets: [http://127.0.0.1:9001] }') +
    missing('policies', listed(text), '{ plugin: rate-limiting, limit: 1/s }'),
  policies: text => `policies:\n${indented(text, 2)}${someRoutes}`,
  upstreams: text => `upstreams:\n${indented(text, 2)}${someRoutes}`,
  upstream: text => {
    const targets = /^targets:/m.test(text) ? '' : '    targets: [http://127.0.0.1:9001]\n'
    return `upstreams:\n  it:\n${targets}${indented(text, 4)}${someRoutes}`
  },
  server: text => `server:\n${indented(text, 2)}${someRoutes}`
}

function complete (place: string | undefined, text: string): string {
  if (place !== undefined) return completions[place]?.(text) ?? text
  return /^routes:/m.test(text) ? text : text + someRoutes
}

function indented (text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by))
}

/** What the routes of a fragment name but do not define. */
function missing (key: string, wanted: ReadonlySet<string>, value: string): string {
  return wanted.size === 0 ? '' : `${key}:\n${[...wanted].map(name => `  ${name}: ${value}\n`).join('')}`
}

function names (text: string, key: string): Set<string> {
  return new Set([...text.matchAll(new RegExp(`\\b${key}: ([\\w-]+)`, 'g'))].map(([, name]) => name!))
}

function listed (text: string): Set<string> {
  return new Set(
    [...text.matchAll(/\bpolicies: \[([^\]]*)\]/g)].flatMap(([, list]) => list!.split(',').map(name => name.trim())).filter(Boolean)
  )
}

/** Plugins of the reader's own, which a page can only talk about: any options will do. */
function standIns (text: string): Record<string, string> {
  const builtIn = new Set(builtInNames())
  const own = new Set([...text.matchAll(
    /(?:\bplugin: |^ *- |\bplugins: \[)["']?((?:\.\/|@)[\w./@-]+)/gm
  )].map(([, name]) => name!).filter(name => !builtIn.has(name)))
  const source = 'export default async function () {}\n'
  return Object.fromEntries([...own].flatMap(name => name.startsWith('.')
    ? [[name.slice(2), source]]
    : [[`node_modules/${name}/index.js`, source], [`node_modules/${name}/package.json`, '{ "type": "module", "exports": "./index.js" }']]))
}
