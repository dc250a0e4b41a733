/** `onedoor completion`: prints a script with which a shell completes commands, options and files. */

import type { CommandDefinition, RunCommand } from './command.ts'
import { bashScript } from './completion/bash.ts'
import { fishScript } from './completion/fish.ts'
import { zshScript } from './completion/zsh.ts'
import { exit } from './io.ts'
import { UsageError } from './usage-error.ts'

const scripts: Readonly<Record<string, (commands: readonly CommandDefinition[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript
}

/** The command, for this table of commands. */
export function completion (commands: readonly CommandDefinition[]): RunCommand {
  return async (args, io) => {
    const [shell] = args.positionals
    const script = shell === undefined ? undefined : scripts[shell]
    if (script === undefined) {
      throw new UsageError(shell === undefined ? 'which shell?' : `unknown shell "${shell}"`, Object.keys(scripts).join(', '))
    }
    io.stdout.write(script(commands))
    return exit.ok
  }
}
