/** The package that runs: its version, and the files behind the names by which others import it. */

import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'

type Entry = string | { readonly 'onedoor-source': string, readonly default: string }

const require = createRequire(import.meta.url)
const manifest = require('onedoor/package.json') as { readonly version: string, readonly exports: Readonly<Record<string, Entry>> }
const root = pathToFileURL(require.resolve('onedoor/package.json'))

/** In a checkout the gateway runs from its sources, in the package from JavaScript. */
const layout = extname(import.meta.url) === '.ts' ? 'onedoor-source' : 'default'

export const { version } = manifest

/**
 * Returns the URL of the running file behind `onedoor`, `onedoor/http`, `onedoor/schema.json`, …
 * @throws Error for a name that the package does not have
 */
export function ownFile (specifier: string): string {
  const entry = manifest.exports[specifier.replace(/^onedoor/, '.')]
  if (entry === undefined) {
    const known = Object.keys(manifest.exports).map(name => name.replace('.', 'onedoor'))
    throw new Error(`there is no "${specifier}", only ${known.join(', ')}`)
  }
  return new URL(typeof entry === 'string' ? entry : entry[layout], root).href
}
