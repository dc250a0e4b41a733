/** Keys that every user of the machine can read. */

import { realpathSync, statSync } from 'node:fs'
import { sep } from 'node:path'

/**
 * Whether every user may read a file. Files of a Kubernetes volume do not count: they have mode 0644 by default, and nobody else is in the
 * container.
 */
export function isExposed (file: string): boolean {
  try {
    const inVolume = realpathSync(file).split(sep).some(name => /^\.\.\d/.test(name))
    return !inVolume && (statSync(file).mode & 0o004) !== 0
  } catch {
    return false
  }
}
