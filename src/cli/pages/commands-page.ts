/** Generates the reference page of the command line from the table of commands. */

import { globalOptions } from '../arguments.ts'
import { commands } from '../commands.ts'
import type { Command, OptionDefinition } from '../command.ts'
import { item, wrap } from './markdown.ts'

/** Returns the page as Markdown. */
export function commandsPage (): string {
  const parts = [
    '# Command line',
    wrap(
      '`npx onedoor COMMAND` in a folder of the project, `npm start -- …` for `onedoor start`. This page is generated from the table ' +
        'of commands (`npm run generate`).'
    ),
    '```text\nonedoor [command] [file] [options]\n```',
    wrap(`A command that reads a configuration takes its path as \`FILE\`, with \`-c FILE\`, or from the
      variable \`ONEDOOR_CONFIG\`; the default is \`gateway.yaml\` in the current
      folder. A file \`.env\` beside the configuration is read, and variables of the environment take
        precedence. \`NO_COLOR\` is honoured.`),
    `| Exit status | Meaning |\n| --- | --- |\n| 0 | success |\n| 1 | a problem of the configuration or of the gateway |\n| 2 | an ` +
      'invalid command line |',
    wrap('`onedoor start` has [further ones](operations.md#exit-status); `onedoor explain` ends with 3 where it cannot tell what a ' +
      'policy will decide.'),
    `Options of every command:\n\n${optionList(globalOptions)}`,
    ...commands.map(sectionOf)
  ]
  return `${parts.join('\n\n')}\n`
}

function sectionOf ({ name, summary, positionals, details, options, examples }: Command): string {
  const usage = ['onedoor', name, positionals, '[options]'].filter(part => part !== '').join(' ')
  return [
    `## \`${name}\``,
    wrap(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`),
    ...details === undefined ? [] : [wrap(details)],
    `\`\`\`text\n${usage}\n\`\`\``,
    ...Object.keys(options).length === 0 ? [] : [optionList(options)],
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``
  ].join('\n\n')
}

function optionList (options: Readonly<Record<string, OptionDefinition>>): string {
  return Object.entries(options).map(([name, { short, value, multiple, description }]) => {
    const spelling = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
    return item(`\`${spelling}\`: ${description}${multiple === true ? ' May be repeated.' : ''}`)
  }).join('\n')
}
