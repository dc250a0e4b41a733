/** The environment a configuration is read with: that of the process, and under it the file `.env` beside the configuration. */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Variables of the process, and those of `.env` that the process does not have. An empty variable counts as there.
 * @throws when there is a `.env` that cannot be read
 */
export function environmentFor (file: string, env: Environment): Environment {
  const path = join(dirname(file), '.env')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return env
    throw new Error(`cannot read ${path}: ${(error as Error).message}`, { cause: error })
  }
  return { ...parseEnv(text), ...env }
}
