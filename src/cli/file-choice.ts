/** Which configuration file a command is about. */

import { resolve } from 'node:path'
import type { Arguments } from './command.ts'
import type { Io } from './io.ts'
import { UsageError } from './usage-error.ts'

/**
 * Absolute path of the file: the positional one, `--config`, ONEDOOR_CONFIG, `./gateway.yaml`.
 * @param place where among the positional arguments it may stand; absent where it may not
 * @throws UsageError when two are named
 */
export function chooseFile (args: Arguments, { cwd, env }: Io, place?: number): string {
  const positional = place === undefined ? undefined : args.positionals[place]
  const option = args.text('config')
  if (positional !== undefined && option !== undefined) throw new UsageError(`two configuration files: ${positional} and ${option}`)
  const fromEnvironment = env['ONEDOOR_CONFIG'] === '' ? undefined : env['ONEDOOR_CONFIG']
  return resolve(cwd, positional ?? option ?? fromEnvironment ?? 'gateway.yaml')
}
