/** Where Node keeps compiled code between starts. */

import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/** The folder as `enableCompileCache` takes it; undefined where no code is kept. */
export function compileCache (): string | undefined {
  const used = getCompileCacheDir()
  // That is a folder in it, for this version of Node.
  return used === undefined ? undefined : dirname(used)
}
