/** The completion script of fish. */

import type { CommandDefinition, OptionDefinition } from '../command.ts'
import { argumentsOf, optionsOf, valuesOf, type Values } from './values.ts'

/** Returns the script. */
export function fishScript (commands: readonly CommandDefinition[]): string {
  const lines = [
    '# Completion of onedoor for fish: onedoor completion fish > ~/.config/fish/completions/onedoor.fish',
    'complete -c onedoor -f',
    'complete -c onedoor -n __fish_use_subcommand -F',
    ...commands.map(({ name, summary }) => `complete -c onedoor -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`),
    ...commands.flatMap(linesOf)
  ]
  return `${lines.join('\n')}\n`
}

function linesOf (command: CommandDefinition): string[] {
  const start = `complete -c onedoor -n '__fish_seen_subcommand_from ${command.name}'`
  const values = argumentsOf(command)
  return [
    ...values === undefined ? [] : [`${start}${values === 'file' ? ' -F' : ` -a ${quote(values.join(' '))}`}`],
    ...optionsOf(command).map(option => `${start}${optionFlags(option)}`)
  ]
}

function optionFlags ([name, option]: [string, OptionDefinition]): string {
  const short = option.short === undefined ? '' : ` -s ${option.short}`
  return `${short} -l ${name}${option.value === undefined ? '' : argumentFlags(valuesOf(option))} -d ${quote(option.description)}`
}

function argumentFlags (values: Values): string {
  if (values === 'file') return ' -r -F'
  return values === undefined ? ' -x' : ` -x -a ${quote(values.join(' '))}`
}

/** In fish, a backslash escapes a quote inside quotes. */
function quote (text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
