/** Loads the module of a plugin, by its name, path or package. */

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { PluginModule } from '../contract/plugin.ts'
import { nearest } from '../config/check/nearest.ts'
import type { Position } from '../config/check/problem.ts'
import { within } from '../scheduling/within.ts'
import { placeOfError } from './error-place.ts'
import { codeUrl } from './plugin-code.ts'

const policiesFolder = fileURLToPath(new URL('../../plugins/policies', import.meta.url))
const coreFolder = fileURLToPath(new URL('../../plugins/core', import.meta.url))

/** How long a plugin may take to load or to register, in milliseconds. It should wait for external resources with `gateway.waitFor`. */
export const longestStart = 30_000

/** The message for a plugin that takes longer. */
export const tooLong = `not done within ${longestStart / 1000} s: it may wait for something that does not come`

/** A plugin could not be loaded. The message says what was tried. */
export class PluginNotLoaded extends Error {
  override readonly name = 'PluginNotLoaded'
  readonly hint: string | undefined
  /** The place in its code, where the error has one. */
  readonly place: Position | undefined

  constructor (message: string, hint: string | undefined, cause?: unknown, place?: Position) {
    super(message, { cause })
    this.hint = hint
    this.place = place
  }
}

/** Returns the names of the built-in policies: the folders of `plugins/policies/`. */
export function builtInNames (): string[] {
  return foldersIn(policiesFolder)
}

const builtIns: ReadonlySet<string> = new Set(foldersIn(policiesFolder))

/** Whether the configuration means a built-in policy by this name. */
export function isBuiltIn (reference: string): boolean {
  return builtIns.has(reference)
}

function foldersIn (folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name)
}

/**
 * Loads a plugin.
 * @param reference a built-in name, a path (`./…` is relative to `folder`), or a package that can be resolved from `folder`
 * @throws PluginNotLoaded
 */
export async function loadPlugin (reference: string, folder: string): Promise<PluginModule> {
  const file = fileOf(reference, folder)
  // Built-in plugins import by path. Without plugins of others no import pays for the hook.
  const url = isBuiltIn(reference) ? pathToFileURL(file).href : codeUrl(file)
  let module: Record<string, unknown>
  try {
    module = await within(import(url) as Promise<Record<string, unknown>>, longestStart, tooLong)
  } catch (error) {
    const message = `plugin "${reference}" could not be loaded: ${(error as Error).message}`
    throw new PluginNotLoaded(message, hintFor(error), error, await placeOfError(error, file))
  }
  const known = loaded.get(module)
  if (known !== undefined) return known
  const plugin = pluginOf(module)
  if (plugin === undefined) {
    throw new PluginNotLoaded(
      `plugin "${reference}" has no default export that is a function`,
      'export default async function (app, options) { … }'
    )
  }
  const found: PluginModule = { ...module, default: plugin as PluginModule['default'] }
  loaded.set(module, found)
  return found
}

function hintFor (error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING'
    ? 'Node runs no TypeScript inside node_modules: compile the plugin to JavaScript, or put its file beside the configuration'
    : undefined
}

/** Plugins by module, so that what was compiled for a plugin, such as its schema, is reused. */
const loaded = new WeakMap<object, PluginModule>()

/**
 * Returns the path of the file of a plugin.
 * @throws PluginNotLoaded where a name is unknown
 */
export function fileOf (reference: string, folder: string): string {
  if (reference.startsWith('.') || isAbsolute(reference)) return resolve(folder, reference)
  const builtIns = builtInNames()
  if (builtIns.includes(reference)) return join(policiesFolder, reference, `index${extname(import.meta.url)}`)
  for (const from of [join(folder, 'package.json'), fileURLToPath(import.meta.url)]) {
    try {
      return createRequire(from).resolve(reference)
    } catch {
      // Not found here; the next location is tried.
    }
  }
  if (foldersIn(coreFolder).includes(reference)) {
    throw new PluginNotLoaded(
      `"${reference}" is part of the gateway`,
      'it is always on and has keys of its own; it cannot be listed as a policy or plugin'
    )
  }
  const near = nearest(reference, builtIns)
  throw new PluginNotLoaded(
    `unknown plugin "${reference}"`,
    near === undefined
      ? `built-in: ${builtIns.join(', ')}; a file of yours starts with ./; a package must be installed beside ${dirname(join(folder, 'x'))}`
      : `did you mean "${near}"?`
  )
}

/** The exports of a CommonJS package are in `default`, sometimes nested twice. */
function pluginOf (module: Record<string, unknown>): unknown {
  for (const candidate of [
    module['default'],
    (module['default'] as Record<string, unknown> | undefined)?.['default'],
    module['module.exports']
  ]) {
    if (typeof candidate === 'function') return candidate
  }
  return undefined
}
