/** The package that runs: its version, and the files behind the names by which others import it. */

import { readFileSync } from 'node:fs'

type Entry = string | { readonly 'onedoor-source': string, readonly default: string }

interface Manifest { readonly version: string, readonly exports: Readonly<Record<string, Entry>> }

/** In a checkout the gateway runs from its sources, in the package from JavaScript, whose folders lie in `dist`. */
const fromSource = import.meta.url.endsWith('.ts')
const layout = fromSource ? 'onedoor-source' : 'default'
const root = new URL(fromSource ? '../../' : '../../../', import.meta.url)

const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest

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
