/** What a command of the command line is. */

import type { Io } from './io.ts'

/** An option as `--name`, and in help. */
export interface OptionDefinition {
  /** One letter, for `-c`. */
  readonly short?: string
  /** Name of its value in help; absent for a switch. */
  readonly value?: string
  /** May be given more than once. */
  readonly multiple?: boolean
  readonly description: string
}

/** What the user wrote, taken apart. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** The value of an option; of several the last. */
  text (name: string): string | undefined
  /** All values of an option that may be repeated. */
  all (name: string): readonly string[]
  /** Whether a switch is there. */
  has (name: string): boolean
}

/** What help says about a command, and what it accepts. */
export interface CommandDefinition {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What stands after the name, such as `METHOD URL`. */
  readonly positionals: string
  /** Most positional arguments. */
  readonly most: number
  /** More than the summary, for its own help. */
  readonly details?: string
  readonly options: Readonly<Record<string, OptionDefinition>>
  readonly examples: readonly string[]
}

/** Runs a command and resolves to its exit status. */
export type RunCommand = (args: Arguments, io: Io) => Promise<number>

/** A command; its code is loaded when it is asked for, because the gateway takes longer to load than help should take. */
export interface Command extends CommandDefinition {
  load (): Promise<RunCommand>
}
