/** The configuration file of a command: which it is, and what is in it. */

import { rootPlugins } from '../gateway/app.ts'
import { loadConfig, type Loaded } from '../config/load.ts'
import type { Arguments } from './command.ts'
import { environmentFor } from './environment.ts'
import type { Io } from './io.ts'
import { chooseFile } from './file-choice.ts'

/** A configuration file and what it is read with. */
export interface Chosen {
  /** Absolute path. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The file that a command is about: the positional one, `--config`, ONEDOOR_CONFIG, `./gateway.yaml`.
 * @param place where among the positional arguments it may stand; absent where it may not
 */
export function choose (args: Arguments, io: Io, place?: number): Chosen {
  const file = chooseFile(args, io, place)
  return { file, env: environmentFor(file, io.env) }
}

/**
 * Loads the configuration of a command.
 * @throws ConfigRefused
 */
export async function load ({ file, env }: Chosen): Promise<Loaded> {
  return await loadConfig(file, { env, rootPlugins })
}
