/** Finds the certificates of a folder, with their keys. */

import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fingerprint, isVisible, type Print } from '../read/text-file.ts'

/** The files of a certificate, absolute. */
export interface PairFiles {
  readonly cert: string
  readonly key: string
}

/** What a folder has. */
export interface PairFolder {
  /** In the order of their names. */
  readonly pairs: readonly PairFiles[]
  /** Names of certificates without a key. */
  readonly alone: readonly string[]
  /** Why the folder cannot be read. */
  readonly failure?: string
}

const failures: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder', ENOTDIR: 'it is not a folder', EACCES: 'permission denied'
}

/** Lists NAME.pem or NAME.crt with NAME.key. Kubernetes calls them tls.crt and tls.key. */
export function pairsOf (folder: string, base: string, files: Map<string, Print>): PairFolder {
  const path = resolve(base, folder)
  files.set(path, fingerprint(path))
  let names: string[]
  try {
    names = readdirSync(path).filter(isVisible).toSorted()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { pairs: [], alone: [], failure: failures[code ?? ''] ?? String(code) }
  }
  const all = new Set(names)
  const certificates = names.filter(name => /\.(?:pem|crt)$/.test(name))
  const keyOf = (name: string): string => `${name.slice(0, -4)}.key`
  return {
    pairs: certificates.filter(name => all.has(keyOf(name))).map(name => ({ cert: join(path, name), key: join(path, keyOf(name)) })),
    alone: certificates.filter(name => !all.has(keyOf(name)))
  }
}
