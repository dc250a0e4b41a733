/**
 * The code of plugins: knows the files of which a plugin consists, and gives a file that has changed another URL, so that Node loads it
 * anew. Files of packages (`node_modules`) and of the gateway itself keep theirs.
 */

import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fingerprint, type Print, type SeenFiles } from '../config/read/text-file.ts'
import { ownFile } from './own-package.ts'

interface CodeFile {
  /** The content when it was last loaded. */
  print: Print
  /** How often it, or a file that it imports, has changed. */
  version: number
  readonly imports: Set<string>
}

/** The folders of the gateway's own code. */
const own = ['../', '../../plugins/core/', '../../plugins/policies/'].map(folder => new URL(folder, import.meta.url).href)

/** All files of plugins that were loaded, by path. */
const files = new Map<string, CodeFile>()

/** Entry files of packages when they were loaded. Their code is loaded once. */
const packages = new Map<string, Print>()

const { cache } = createRequire(import.meta.url)

let hooked = false

/** Returns the URL to import a plugin's file by. */
export function codeUrl (file: string): string {
  hookImports()
  const { href } = pathToFileURL(file)
  if (isPlugin(href)) return versioned(file)
  if (!packages.has(file)) packages.set(file, fingerprint(file))
  return href
}

/** The files of which a plugin consists, and their content when they were loaded. */
export function filesOf (file: string): SeenFiles {
  const found = new Map<string, Print>()
  const open = [file]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const known = files.get(path)
    if (known === undefined || found.has(path)) continue
    found.set(path, known.print)
    open.push(...known.imports)
  }
  return found
}

/** Whether the file of a package has changed since it was loaded, so that only a restart loads it anew. */
export function needsRestart (file: string): boolean {
  return packages.has(file) && packages.get(file) !== fingerprint(file)
}

/** Gives all files that have changed since they were loaded another URL, and all that import them. */
export function refreshCode (): void {
  const changed = new Set([...files].filter(([path, { print }]) => print !== fingerprint(path)).map(([path]) => path))
  // The set grows while it is read: an importer may be imported too.
  for (const path of changed) {
    for (const [importer, { imports }] of files) if (imports.has(path)) changed.add(importer)
    const file = files.get(path)!
    file.version++
    file.imports.clear()
    delete cache[path]
  }
}

/** The URL of a file of a plugin, which is loaded by it now. */
function versioned (path: string): string {
  const print = fingerprint(path)
  let file = files.get(path)
  if (file === undefined) {
    file = { print, version: 0, imports: new Set() }
    files.set(path, file)
  }
  file.print = print
  const { href } = pathToFileURL(path)
  return file.version === 0 ? href : `${href}?v=${file.version}`
}

function isPlugin (url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !own.some(folder => url.startsWith(folder))
}

/**
 * Follows the imports of plugins from now on. Makes `onedoor` the running package for every importer, wherever it lies: a plugin needs no
 * `node_modules` beside it.
 */
function hookImports (): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve (specifier, context, next) {
      if (/^onedoor(\/|$)/.test(specifier)) return { url: ownFile(specifier), shortCircuit: true }
      const { parentURL } = context
      const importer = parentURL?.startsWith('file:') === true ? files.get(fileURLToPath(parentURL)) : undefined
      if (importer === undefined) return next(specifier, context)
      try {
        const resolved = next(specifier, context)
        if (!isPlugin(resolved.url)) return resolved
        const path = fileURLToPath(resolved.url)
        importer.imports.add(path)
        return { ...resolved, url: versioned(path) }
      } catch (error) {
        // The plugin is loaded again when the file is there.
        if (specifier.startsWith('.')) {
          const path = fileURLToPath(new URL(specifier, parentURL))
          importer.imports.add(path)
          versioned(path)
        }
        throw error
      }
    }
  })
}
