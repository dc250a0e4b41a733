/** The types of commands and their arguments. */

import type { Io } from './io.ts'

/** An option `--name`, and its help. */
export interface OptionDefinition {
  /** The letter of its short form, such as `c` for `-c`. */
  readonly short?: string
  /** The name of its value in help; absent for a switch. */
  readonly value?: string
  /** Whether it may be given more than once. */
  readonly multiple?: boolean
  /** Its possible values, which shells complete. */
  readonly words?: readonly string[]
  readonly description: string
}

/** Parsed arguments. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** Returns the value of an option; the last one of several. */
  text (name: string): string | undefined
  /** Returns all values of an option that may be repeated. */
  all (name: string): readonly string[]
  /** Whether a switch is given. */
  has (name: string): boolean
}

/** The help of a command, and the arguments that it accepts. */
export interface CommandDefinition {
  readonly name: string
  /** The line in the list of commands. */
  readonly summary: string
  /** The positional arguments, such as `METHOD URL`. */
  readonly positionals: string
  /** The most positional arguments. */
  readonly most: number
  /** What the first positional argument may be, which shells complete. */
  readonly words?: readonly string[]
  /** Details for the help of the command. */
  readonly details?: string
  readonly options: Readonly<Record<string, OptionDefinition>>
  readonly examples: readonly string[]
}

/** Runs a command and resolves to its exit status. */
export type RunCommand = (args: Arguments, io: Io) => Promise<number>

/** A command. Its code is loaded only when the command runs, because loading the gateway takes time that help does not need. */
export interface Command extends CommandDefinition {
  load (): Promise<RunCommand>
}
