/** The completion script of bash, from version 3.2 on. */

import type { CommandDefinition } from '../command.ts'
import { argumentsOf, optionsOf, quoted, valuesOf, type Values } from './values.ts'

/** Returns the script. */
export function bashScript (commands: readonly CommandDefinition[]): string {
  const names = commands.map(({ name }) => name)
  return `# Completion of onedoor for bash. In ~/.bashrc: source <(onedoor completion bash)
_onedoor () {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      -c | --config) ((index++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[index]}; break ;;
    esac
  done
  local options= words= files=
  case $command in
    '') options=${quoted(optionNames(commands[0]!))} words=${quoted(names.join(' '))} files=yes ;;
${commands.map(command => `    ${command.name}) options=${quoted(optionNames(command))}${assigned(argumentsOf(command))} ;;`).join('\n')}
  esac
  case $command:$previous in
${commands.flatMap((command, index) => valueCases(command, index === 0)).map(line => `    ${line}`).join('\n')}
    *) if [[ $current == -* ]]; then words=$options files=; fi ;;
  esac
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ $files == yes ]]; then
    IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$current"))
    compopt -o filenames 2> /dev/null
  fi
}
complete -F _onedoor onedoor
`
}

function optionNames (command: CommandDefinition): string {
  return optionsOf(command).map(([name]) => `--${name}`).join(' ')
}

/** A case for each option that has a value. Without the name of a command, the options are those of the first one. */
function valueCases (command: CommandDefinition, first: boolean): string[] {
  return optionsOf(command).flatMap(([name, option]) => {
    if (option.value === undefined) return []
    const forms = [`--${name}`, ...option.short === undefined ? [] : [`-${option.short}`]]
    const patterns = [command.name, ...first ? [''] : []].flatMap(prefix => forms.map(form => `${prefix}:${form}`))
    return [`${patterns.join(' | ')}) words= files=${assigned(valuesOf(option))} ;;`]
  })
}

function assigned (values: Values): string {
  if (values === undefined) return ''
  return values === 'file' ? ' files=yes' : ` words=${quoted(values.join(' '))}`
}
