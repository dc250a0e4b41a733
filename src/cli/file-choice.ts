/** Decides which configuration file a command uses. */

import { resolve } from 'node:path'
import type { Arguments } from './command.ts'
import type { Io } from './io.ts'
import { UsageError } from './usage-error.ts'

/**
 * Returns the absolute path of the file: the positional argument, `--config`, ONEDOOR_CONFIG, or else `./gateway.yaml`.
 * @param place the index of the positional argument that may name it; absent where none may
 * @throws UsageError when two files are given
 */
export function chooseFile (args: Arguments, { cwd, env }: Io, place?: number): string {
  const positional = place === undefined ? undefined : args.positionals[place]
  const option = args.text('config')
  if (positional !== undefined && option !== undefined) throw new UsageError(`two configuration files: ${positional} and ${option}`)
  const fromEnvironment = env['ONEDOOR_CONFIG'] === '' ? undefined : env['ONEDOOR_CONFIG']
  return resolve(cwd, positional ?? option ?? fromEnvironment ?? 'gateway.yaml')
}
