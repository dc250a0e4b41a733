/** `--port`, `--log-level` and `--set`: values for one run, in place of those of the configuration. */

import { logLevels } from '../logging/log-levels.ts'
import { pathOf, type Override } from '../config/read/overrides.ts'
import type { Arguments, OptionDefinition } from './command.ts'
import { UsageError } from './usage-error.ts'

/** The options of commands that accept overrides. */
export const overrideOptions: Readonly<Record<string, OptionDefinition>> = {
  port: { value: 'N', description: 'Port of the public listener, in place of server.port.' },
  'log-level': { value: 'LEVEL', words: logLevels, description: 'Level of the log, in place of logging.level.' },
  set: {
    value: 'KEY.PATH=VALUE',
    multiple: true,
    description: 'A value in place of that of the configuration; VALUE is YAML, and a number in the path is an item of a list. ' +
      'Reloads keep it.'
  }
}

const shorthands = { port: 'server.port', 'log-level': 'logging.level' } as const

/**
 * Returns the overrides of a command line, in the order in which they are applied: `--set` comes last.
 * @throws UsageError
 */
export function overridesOf (args: Arguments): Override[] {
  const short = Object.entries(shorthands).flatMap(([name, path]) => {
    const value = args.text(name)
    return value === undefined ? [] : [shorthand(name, path, value)]
  })
  return [...short, ...args.all('set').map(given)]
}

function shorthand (name: string, path: string, value: string): Override {
  const text = `--${name} ${oneLine(value)}`
  // In a problem, the name of the option stands for the keys.
  const place = { start: 0, end: name.length + 2 }
  return { text, path: path.split('.').map(key => ({ key, ...place })), valueAt: place.end + 1 }
}

function given (argument: string): Override {
  const text = `--set ${oneLine(argument)}`
  const start = '--set '.length
  const equals = text.indexOf('=')
  if (equals === -1) throw new UsageError(`"${argument}" sets nothing`, '--set server.port=8081')
  return { text, path: pathOf(text, start, equals), valueAt: equals + 1 }
}

function oneLine (value: string): string {
  if (!/[\r\n]/.test(value)) return value
  throw new UsageError('a value of an option must be on one line', 'lists and mappings may be written as [a, b] and { key: value }')
}
