/** The completion script of zsh. */

import type { CommandDefinition, OptionDefinition } from '../command.ts'
import { argumentsOf, optionsOf, quoted, valuesOf, type Values } from './values.ts'

/** Returns the script. */
export function zshScript (commands: readonly CommandDefinition[]): string {
  return `#compdef onedoor
# Completion of onedoor for zsh. In a folder of $fpath: onedoor completion zsh > _onedoor
_onedoor () {
  local curcontext=$curcontext state line
  local -a commands
  typeset -A opt_args
  _arguments -C '1: :->command' '*:: :->arguments'
  case $state in
    command)
      commands=(
${commands.map(({ name, summary }) => `        ${quoted(`${name}:${summary}`)}`).join('\n')}
      )
      _describe -t commands command commands
      _files
      ;;
    arguments)
      case $line[1] in
${commands.map(command => `        ${command.name})\n${argumentSpecs(command)}\n          ;;`).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _onedoor ]]; then _onedoor "$@"; else compdef _onedoor onedoor; fi
`
}

function argumentSpecs (command: CommandDefinition): string {
  const values = argumentsOf(command)
  const specs = [
    ...optionsOf(command).map(optionSpec),
    ...values === undefined ? [] : [quoted(`1:${plain(command.positionals)}:${action(values)}`)]
  ]
  return `          _arguments \\\n${specs.map(spec => `            ${spec}`).join(' \\\n')}`
}

function optionSpec ([name, option]: [string, OptionDefinition]): string {
  const { short, value, multiple, description } = option
  const text = `[${plain(description)}]${value === undefined ? '' : `:${plain(value)}:${action(valuesOf(option))}`}`
  const repeated = multiple === true ? '*' : ''
  if (short === undefined) return quoted(`${repeated}--${name}${text}`)
  return `${quoted(multiple === true ? '*' : `(-${short} --${name})`)}{-${short},--${name}}${quoted(text)}`
}

function action (values: Values): string {
  return values === undefined ? ' ' : values === 'file' ? '_files' : `(${values.join(' ')})`
}

/** Without the characters that have a meaning in a specification. */
function plain (text: string): string {
  return text.replaceAll(/[[\]\\]/g, '').replaceAll(':', '\\:')
}
