/** Parses the command line strictly. An unknown word is rejected with the most similar known one. */

import { parseArgs } from 'node:util'
import { nearest } from '../config/check/nearest.ts'
import type { Arguments, CommandDefinition, OptionDefinition } from './command.ts'
import { UsageError } from './usage-error.ts'

/** Options of every command. */
export const globalOptions: Readonly<Record<string, OptionDefinition>> = {
  help: { short: 'h', description: 'Show this help.' },
  version: { short: 'v', description: 'Show the version.' }
}

/** The option `-c FILE` of every command that reads the configuration. */
export const configOption: Readonly<Record<string, OptionDefinition>> = {
  config: { short: 'c', value: 'FILE', description: 'Configuration file; by default ONEDOOR_CONFIG or ./gateway.yaml.' }
}

/** Switches that may precede the name of the command. `-c FILE` may too. */
const leading = new Set(['-h', '--help', '-v', '--version', '--json'])

/** Splits a command line into the name of the command, if there is one, and the other arguments. */
export function splitCommand (argv: readonly string[]): {
  readonly word: string | undefined,
  readonly before: readonly string[],
  readonly after: readonly string[]
} {
  let at = 0
  while (at < argv.length) {
    const word = argv[at]!
    if (word === '-c' || word === '--config') at += 2
    else if (leading.has(word) || word.startsWith('--config=')) at += 1
    else break
  }
  const word = argv[at]
  if (word === undefined || word.startsWith('-')) return { word: undefined, before: [], after: argv }
  return { word, before: argv.slice(0, at), after: argv.slice(at + 1) }
}

/**
 * Parses the arguments of a command.
 * @throws UsageError
 */
export function parseArguments (argv: readonly string[], definition: CommandDefinition): Arguments {
  const known = { ...definition.options, ...globalOptions }
  const options = Object.fromEntries(Object.entries(known).map(([name, { short, value }]) => [name, {
    type: value === undefined ? 'boolean' as const : 'string' as const,
    multiple: true,
    ...(short === undefined ? {} : { short })
  }]))
  // Not strict, because the messages of `parseArgs` do not suggest a similar word.
  const { tokens, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true })
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = known[token.name]
    if (option === undefined) throw unknownOption(token.rawName, known)
    values.set(token.name, [...values.get(token.name) ?? [], valueOf(token, option)])
  }
  for (const [name, all] of values) {
    if (all.length > 1 && known[name]!.value !== undefined && known[name]!.multiple !== true) {
      throw new UsageError(`--${name} is given twice`)
    }
  }
  if (positionals.length > definition.most) throw new UsageError(`"${positionals[definition.most]}" is one argument too many`)
  return {
    positionals,
    text: name => values.get(name)?.at(-1),
    all: name => values.get(name) ?? [],
    has: name => values.has(name)
  }
}

function valueOf (
  { rawName, value, inlineValue }: {
    readonly rawName: string,
    readonly value: string | undefined,
    readonly inlineValue: boolean | undefined
  },
  option: OptionDefinition
): string {
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`)
    return ''
  }
  // In `-c --json` the file is missing.
  if (value === undefined || (inlineValue !== true && value.startsWith('-'))) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}`)
  }
  return value
}

function unknownOption (rawName: string, known: Readonly<Record<string, OptionDefinition>>): UsageError {
  const near = nearest(rawName.replace(/^-+/, ''), Object.keys(known))
  return new UsageError(`unknown option ${rawName}`, near === undefined ? undefined : `did you mean --${near}?`)
}
