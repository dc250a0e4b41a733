/** The environment for reading a configuration: that of the process, and the file `.env` beside the configuration. */

import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { readTextFile } from '../config/read/text-file.ts'

/** The largest size of `.env`, in bytes. */
const longest = 1024 * 1024

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Returns the variables of the process, and those of `.env` that the process does not have. An empty variable counts as set.
 * @throws Error when there is a `.env` that cannot be read
 */
export function environmentFor (file: string, env: Environment): Environment {
  const path = join(dirname(file), '.env')
  const read = readTextFile(path, longest)
  if ('failure' in read) {
    if (read.failure === 'no such file') return env
    throw new Error(`cannot read ${path}: ${read.failure}`)
  }
  return { ...parseEnv(read.text), ...env }
}
