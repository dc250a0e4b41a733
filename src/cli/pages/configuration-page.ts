/** Generates the reference page of gateway.yaml from the schemas of the configuration. */

import type { JsonSchema } from '../../config/schema/json-schema.ts'
import { units } from '../../config/schema/units.ts'
import { heading, keyList, section, textOf } from './keys.ts'
import { item, wrap } from './markdown.ts'

/**
 * Returns the page as Markdown.
 * @param file the composed schema of the file
 */
export function configurationPage (file: JsonSchema): string {
  const {
    server,
    admin,
    logging,
    upstreams,
    policies,
    plugins,
    routes,
    ...others
  } = file.properties as Readonly<Record<string, JsonSchema>>
  const upstream = Object.values(upstreams!.patternProperties!)[0]!
  const parts = [
    ...introduction(),
    section('server', 2, server!),
    section('admin', 2, admin!),
    section('logging', 2, logging!),
    ...Object.keys(others).toSorted().map(key => section(key, 2, others[key]!)),
    heading('upstreams', 2, `${textOf(upstreams!)} Each is written as \`upstreams: { NAME: … }\`.`),
    keyList(upstream),
    heading('routes', 2, textOf(routes!)),
    keyList(routes!.items!),
    heading(
      'policies',
      2,
      `${textOf(policies!)} Each is written as \`policies: { NAME: { plugin: …, … } }\`. The options of each built-in policy: ` +
        '[policies](policies.md).'
    ),
    heading('plugins', 2, `${textOf(plugins!)} A list of names, paths or packages, or of mappings with \`plugin\` and options.`)
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

function introduction (): string[] {
  return [
    '# Configuration',
    wrap(
      'Every key of `gateway.yaml`, its type and its default. This page is generated from the schemas that the gateway checks a file ' +
        'with (`npm run generate`).'
    ),
    wrap(`For completion and checks in an editor, keep this as the first line of the file:
      \`# yaml-language-server: $schema=./gateway.schema.json\`.
      \`onedoor check\` checks a file, and \`onedoor config\` shows it with all defaults filled in.`),
    '## How values are written',
    [
      `**duration**: ${examples('duration')}. Units are \`ms\`, \`s\`, \`m\`, \`h\` and \`d\`, from large to
        small. A bare number is rejected, and so is more than \`3650d\`. A timer
        waits for \`24d\` at most, so a longer duration of a timer counts as \`24d\`.`,
      `**size**: ${examples('size')}. \`kb\` is 1000 bytes, \`kib\` is 1024 bytes. A bare number is rejected.`,
      `**rate**: ${examples('rate')}. A number of units in a time.`,
      `**variable**: \`\${NAME}\`, \`\${NAME:-default}\`, \`\${NAME:?message}\`. The value comes from the
        environment, or from a file \`.env\` beside the configuration. A value
        with a variable in it has the type of its key: \`port: \${PORT:-8080}\` is a number, also in
          quotes and inside \`{ }\`, and \`trustProxy: \${PROXIES}\` with \`10.0.0.0/8, 127.0.0.1\`
        is a list of two. Where the key takes text, commas are part of the text. \`$$\` is a dollar sign.`,
      '**secret file**: `${file:/run/secrets/x}` is the content of a file, without the white space around it. It is never shown.',
      '**your own keys**: keys that start with `x-` are allowed everywhere, for YAML anchors. Any other unknown key is an error.',
      '**several files**: `include: [routes/*.yaml]` at the top level merges further files. Paths are relative to the file that names them.'
    ].map(item).join('\n'),
    wrap(
      'A type in *italics* is one of these. Keys of a nested mapping are written with dots: `shutdown.delay` is `shutdown: { delay: … }`.'
    )
  ]
}

function examples (unit: keyof typeof units): string {
  return units[unit].examples.map(example => `\`${example}\``).join(', ')
}
