/** Finds and loads the configuration file of a command. */

import { rootPlugins } from '../gateway/app.ts'
import { loadConfig, type Loaded } from '../config/load.ts'
import type { Override } from '../config/read/overrides.ts'
import type { Arguments } from './command.ts'
import { environmentFor } from './environment.ts'
import type { Io } from './io.ts'
import { chooseFile } from './file-choice.ts'
import { overridesOf } from './overrides.ts'

/** A configuration file and the environment for reading it. */
export interface Chosen {
  /** The absolute path. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values for this run; none for commands without such options. */
  readonly overrides: readonly Override[]
}

/**
 * Finds the file of a command: the positional argument, `--config`, ONEDOOR_CONFIG, or else `./gateway.yaml`.
 * @param place the index of the positional argument that may name it; absent where none may
 */
export function choose (args: Arguments, io: Io, place?: number): Chosen {
  const file = chooseFile(args, io, place)
  return { file, env: environmentFor(file, io.env), overrides: overridesOf(args) }
}

/**
 * Loads the configuration of a command.
 * @throws ConfigRefused
 */
export async function load ({ file, env, overrides }: Chosen): Promise<Loaded> {
  return await loadConfig(file, { env, overrides, rootPlugins })
}
