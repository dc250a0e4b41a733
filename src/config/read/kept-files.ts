/** The texts that a configuration was read from, so that it can be read again as it was, whatever has become of its files. */

import type { Print } from './text-file.ts'

/** What is kept of a document. The content of a `${file:…}` is not: secrets and certificates are read as they are now. */
export interface KeptFiles {
  /** YAML by path, as it was read. */
  readonly texts: ReadonlyMap<string, { readonly text: string, readonly print: Print }>
  /** The paths that each pattern of `include` has found, by {@link searchKey}. */
  readonly found: ReadonlyMap<string, readonly string[]>
}

/** Names the search for a pattern in a folder. */
export function searchKey (pattern: string, folder: string): string {
  return `${folder}\0${pattern}`
}
