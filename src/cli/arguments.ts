/** Takes a command line apart, strictly: what no command knows is refused with the nearest right word. */

import { parseArgs } from 'node:util'
import { nearest } from '../config/check/nearest.ts'
import type { Arguments, CommandDefinition, OptionDefinition } from './command.ts'
import { UsageError } from './usage-error.ts'

/** Options that every command has. */
export const globalOptions: Readonly<Record<string, OptionDefinition>> = {
  help: { short: 'h', description: 'Show this help.' },
  version: { short: 'v', description: 'Show the version.' }
}

/** `-c FILE`, for every command that reads the configuration. */
export const configOption: Readonly<Record<string, OptionDefinition>> = {
  config: { short: 'c', value: 'FILE', description: 'Configuration file; ONEDOOR_CONFIG or ./gateway.yaml unless given.' }
}

/** Switches that may stand before the name of the command; `-c` may too, with its value. */
const leading = new Set(['-h', '--help', '-v', '--version', '--json'])

/** The name of the command, if the line starts with one, and everything else. */
export function splitCommand (argv: readonly string[]): { readonly word: string | undefined, readonly before: readonly string[], readonly after: readonly string[] } {
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
 * Takes the arguments of a command apart.
 * @throws UsageError
 */
export function parseArguments (argv: readonly string[], definition: CommandDefinition): Arguments {
  const known = { ...definition.options, ...globalOptions }
  const options = Object.fromEntries(Object.entries(known).map(([name, { short, value }]) => [name, {
    type: value === undefined ? 'boolean' as const : 'string' as const,
    multiple: true,
    ...(short === undefined ? {} : { short })
  }]))
  // Not strict, because its own messages know no nearest word.
  const { tokens, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true })
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = known[token.name]
    if (option === undefined) throw unknownOption(token.rawName, known)
    values.set(token.name, [...values.get(token.name) ?? [], valueOf(token, option)])
  }
  for (const [name, all] of values) {
    if (all.length > 1 && known[name]!.value !== undefined && known[name]!.multiple !== true) throw new UsageError(`--${name} is given twice`)
  }
  if (positionals.length > definition.most) throw new UsageError(`"${positionals[definition.most]}" is one argument too many`)
  return {
    positionals,
    text: name => values.get(name)?.at(-1),
    all: name => values.get(name) ?? [],
    has: name => values.has(name)
  }
}

function valueOf ({ rawName, value, inlineValue }: { readonly rawName: string, readonly value: string | undefined, readonly inlineValue: boolean | undefined }, option: OptionDefinition): string {
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`)
    return ''
  }
  // `-c --json` forgot the file.
  if (value === undefined || (inlineValue !== true && value.startsWith('-'))) throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}`)
  return value
}

function unknownOption (rawName: string, known: Readonly<Record<string, OptionDefinition>>): UsageError {
  const near = nearest(rawName.replace(/^-+/, ''), Object.keys(known))
  return new UsageError(`unknown option ${rawName}`, near === undefined ? undefined : `did you mean --${near}?`)
}
