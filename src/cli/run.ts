/** The command line: finds and runs the command, and turns errors into a message and an exit status. */

import { nearest } from '../config/check/nearest.ts'
import { parseArguments, splitCommand } from './arguments.ts'
import type { Arguments, Command } from './command.ts'
import { commands } from './commands.ts'
import { commandHelp, generalHelp } from './help.ts'
import { version } from '../gateway/own-package.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'
import { UsageError } from './usage-error.ts'

/** Runs a command line, given without the name of the program, and resolves to the exit status. Rejects only for a bug in the program. */
export async function run (argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    if (!(error instanceof UsageError)) return await explainFailure(error, io)
    const paint = paintOf(io.stderr, io)
    io.stderr.write(
      `${paint.red('onedoor:')} ${error.message}${error.hint === undefined ? '' : ` — ${error.hint}`}\n${paint.dim('see onedoor --help')}\n`
    )
    return exit.usage
  }
}

async function dispatch (argv: readonly string[], io: Io): Promise<number> {
  const { word, before, after } = splitCommand(argv)
  if (word === 'help') return await help(after[0], io)
  if (word === 'version') return writeVersion(io)
  const named = commands.find(({ name }) => name === word)
  const rest = named === undefined ? argv : [...before, ...after]
  // `onedoor --help` shows the help of the program, `onedoor start --help` that of the command.
  if (word === undefined && (argv.includes('--help') || argv.includes('-h'))) return await help(undefined, io)
  if (named === undefined && word !== undefined) refuseUnknown(word)
  const command = named ?? find('start')
  const args = parseArguments(rest, command)
  if (args.has('help')) return await help(command.name, io)
  if (args.has('version')) return writeVersion(io)
  return await execute(command, args, io)
}

async function execute (command: Command, args: Arguments, io: Io): Promise<number> {
  const runCommand = await command.load()
  return await runCommand(args, io)
}

function find (name: string): Command {
  const command = commands.find(other => other.name === name)
  if (command !== undefined) return command
  throw unknownCommand(name)
}

/** Rejects an unknown command. A word with a dot or a slash is the configuration file to start with. */
function refuseUnknown (word: string): void {
  if (!/[./\\]/.test(word)) throw unknownCommand(word)
}

function unknownCommand (word: string): UsageError {
  const names = commands.map(({ name }) => name)
  const near = nearest(word, names)
  return new UsageError(`unknown command "${word}"`, near === undefined ? `commands: ${names.join(', ')}` : `did you mean "${near}"?`)
}

async function help (name: string | undefined, io: Io): Promise<number> {
  const paint = paintOf(io.stdout, io)
  io.stdout.write(name === undefined ? generalHelp(commands, paint) : commandHelp(find(name), paint))
  return exit.ok
}

function writeVersion (io: Io): number {
  io.stdout.write(`onedoor ${version} (node ${process.versions.node})\n`)
  return exit.ok
}

/** Whether an error is a bug in the program or a plugin, which is shown with its stack trace. JavaScript itself throws these types. */
function isFault (error: unknown): error is Error {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
}

/** Writes an error: all problems of a rejected configuration, or else the message and its cause. */
async function explainFailure (error: unknown, io: Io): Promise<number> {
  const { problemsOf, writeProblems } = await import('./problems.ts')
  const refused = problemsOf(error)
  const paint = paintOf(io.stderr, io)
  if (refused === undefined) {
    io.stderr.write(`${paint.red('onedoor:')} ${error instanceof Error ? error.message : String(error)}\n`)
    if (isFault(error)) io.stderr.write(`${paint.dim(error.stack ?? '')}\n`)
    return exit.problem
  }
  const { count } = await import('./count.ts')
  const errors = refused.problems.filter(({ severity }) => severity === 'error')
  writeProblems(refused.problems, refused.source, io.stderr, io)
  io.stderr.write(paint.red(`${count(errors.length, 'problem')}\n`))
  return exit.problem
}
