/** Copies of files, so that another thread reads them as this one has, whatever happens to them meanwhile. */

import { resolve } from 'node:path'
import type { Print } from './text-file.ts'

/** A file as it was read: its content, or why it could not be read. */
export type FileCopy = { readonly print: Print } & ({ readonly bytes: Uint8Array } | { readonly failure: string })

/** By absolute path. */
export type FileCopies = ReadonlyMap<string, FileCopy>

let copies: FileCopies = new Map()

/** From now on these files are read from their copies in this thread, and all others from disk. */
export function readFrom (files: FileCopies): void {
  copies = files
}

/** The copy of a file; undefined for one that is read from disk. */
export function copyOf (file: string): FileCopy | undefined {
  return copies.size === 0 ? undefined : copies.get(resolve(file))
}
