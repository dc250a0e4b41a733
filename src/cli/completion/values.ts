/** What an argument may be, as shells complete it. */

import { globalOptions } from '../arguments.ts'
import type { CommandDefinition, OptionDefinition } from '../command.ts'

/** Words to choose from, the name of a file, or something that cannot be completed. */
export type Values = readonly string[] | 'file' | undefined

/** The values of an option; undefined also for a switch. */
export function valuesOf ({ value, words }: OptionDefinition): Values {
  return words ?? (value === 'FILE' ? 'file' : undefined)
}

/** What the first positional argument of a command may be. */
export function argumentsOf ({ positionals, words }: CommandDefinition): Values {
  return words ?? (/^\[?FILE\]?$/.test(positionals) ? 'file' : undefined)
}

/** The options of a command, with those of every command. */
export function optionsOf ({ options }: CommandDefinition): [string, OptionDefinition][] {
  return Object.entries({ ...options, ...globalOptions })
}

/** A text in single quotes, for bash and zsh. */
export function quoted (text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
