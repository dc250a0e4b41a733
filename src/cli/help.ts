/** The help texts. */

import { globalOptions } from './arguments.ts'
import type { CommandDefinition, OptionDefinition } from './command.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'

/** Help for the whole program. */
export function generalHelp (commands: readonly CommandDefinition[], paint: Paint): string {
  return [
    `${paint.bold('onedoor')}: the single door to your HTTP services, driven by one gateway.yaml`,
    '',
    `${paint.bold('usage')}  onedoor [command] [file] [options]`,
    '',
    paint.bold('commands'),
    ...indent(table(commands.map(({ name, summary }) => [name, summary]))),
    '',
    paint.bold('options'),
    ...indent(table([
      ['-c, --config FILE', 'Configuration file; by default ONEDOOR_CONFIG or ./gateway.yaml.'],
      ...Object.entries(globalOptions).map(optionRow)
    ])),
    '',
    'Exit status: 0 success, 1 a problem of the configuration or the gateway, 2 an invalid command line.',
    'A file .env beside the configuration is read; variables of the environment take precedence. NO_COLOR is honoured.',
    `Help for one command: ${paint.bold('onedoor COMMAND --help')}`,
    ''
  ].join('\n')
}

/** Help for one command. */
export function commandHelp (command: CommandDefinition, paint: Paint): string {
  return [
    `${paint.bold(`onedoor ${command.name}`)}: ${command.summary}`,
    '',
    `${paint.bold('usage')}  onedoor ${[command.name, command.positionals, '[options]'].filter(part => part !== '').join(' ')}`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    paint.bold('options'),
    ...indent(table(Object.entries({ ...command.options, ...globalOptions }).map(optionRow))),
    '',
    paint.bold('examples'),
    ...indent(command.examples),
    ''
  ].join('\n')
}

function optionRow ([name, { short, value, multiple, description }]: [string, OptionDefinition]): [string, string] {
  const lead = short === undefined ? '    ' : `-${short}, `
  return [`${lead}--${name}${value === undefined ? '' : ` ${value}`}`, multiple === true ? `${description} May be repeated.` : description]
}

function indent (lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
