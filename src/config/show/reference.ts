/** The reference page of gateway.yaml, made from the schemas that the gateway checks with. */

import { describe } from '../schema/describe.ts'
import type { DescribedPlugin } from './editor-schema.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { units } from '../schema/units.ts'

const intro = `# Configuration

Everything about \`gateway.yaml\`: every key, what it may be, and what it is unless set. This page is generated from the schemas that the gateway itself
checks with (\`npm run generate\`), so it is never behind.

For completion and checks while you type, keep this as the first line of the file: \`# yaml-language-server: $schema=./gateway.schema.json\`. On the
command line \`onedoor check\` says whether a file is sound, \`onedoor config\` shows it with all defaults filled in.

## How values are written

| | |
| --- | --- |
| duration | ${examples('duration')}; units \`ms\`, \`s\`, \`m\`, \`h\`, \`d\`, from large to small. A bare number is refused, and so is more than \`3650d\`. Where the gateway waits for it, more than \`24d\` counts as \`24d\`: the longest that a timer holds. |
| size | ${examples('size')}; \`kb\` is 1000 bytes, \`kib\` 1024. A bare number is refused. |
| rate | ${examples('rate')}; so many in so long. |
| variable | \`\${NAME}\`, \`\${NAME:-default}\`, \`\${NAME:?message}\`: from the environment, or from a file \`.env\` beside the configuration. A value that is one variable is read as what belongs at its place: \`port: \${PORT:-8080}\` is a number, in quotes too, \`trustProxy: \${PROXIES}\` with \`10.0.0.0/8, 127.0.0.1\` is a list of two. Where text is taken, commas are part of it. \`$$\` is a dollar sign. |
| secret file | \`\${file:/run/secrets/x}\`: the content of a file, without the space around it. Never shown. |
| your own keys | Keys that start with \`x-\` are free everywhere, for YAML anchors. Any other unknown key is an error. |
| several files | \`include: [routes/*.yaml]\` at the top level merges further files, relative to the one that names them. |

A type in *italics* is one of these. Keys of a nested mapping are written with dots: \`shutdown.delay\` is \`shutdown: { delay: … }\`.
`

/** One row of a table. */
interface Row {
  readonly key: string
  readonly schema: JsonSchema
  /** Whether it must be there. */
  readonly required: boolean
}

/**
 * The page.
 * @param file the composed schema of the file
 * @param plugins the plugins that may stand under `policies`
 */
export function referencePage (file: JsonSchema, plugins: readonly DescribedPlugin[]): string {
  const { server, admin, logging, upstreams, policies, plugins: entries, routes, ...others } = file.properties as Readonly<Record<string, JsonSchema>>
  const upstream = Object.values(upstreams!.patternProperties!)[0]!
  const sections = [
    section('server', 2, server!),
    section('admin', 2, admin!),
    section('logging', 2, logging!),
    ...Object.keys(others).toSorted().map(key => section(key, 2, others[key]!)),
    heading('upstreams', 2, `${text(upstreams!)} Each is written as \`upstreams: { NAME: … }\`.`),
    rowsTable(upstream),
    heading('routes', 2, text(routes!)),
    rowsTable(routes!.items!),
    heading('policies', 2, `${text(policies!)} Each is written as \`policies: { NAME: { plugin: …, … } }\`; the options stand beside \`plugin\`.`),
    ...plugins.map(({ name, options }) => section(name, 3, options)),
    heading('plugins', 2, `${text(entries!)} A list of names, paths or packages, or of mappings with \`plugin\` and options.`)
  ]
  return `${[intro.trimEnd(), ...sections.filter(part => part !== '')].join('\n\n')}\n`
}

function section (name: string, level: number, schema: JsonSchema): string {
  const table = rowsTable(schema)
  const value = schema.properties === undefined ? `${typeOf(schema)}${defaultOf(schema) === '' ? '' : `, ${defaultOf(schema)} unless set`}.` : ''
  return [heading(name, level, [text(schema), value].filter(part => part !== '').join(' ')), table].filter(part => part !== '').join('\n\n')
}

function heading (name: string, level: number, description: string): string {
  return `${'#'.repeat(level)} \`${name}\`${description === '' ? '' : `\n\n${description}`}`
}

function rowsTable (schema: JsonSchema): string {
  const rows = rowsOf(schema, '')
  if (rows.length === 0) return ''
  return ['| Key | Type | Unless set | |', '| --- | --- | --- | --- |', ...rows.map(line)].join('\n')
}

/** Nested mappings are spread out; what may be one of several things is described in the row of its key, and its mappings below it. */
function rowsOf ({ properties = {}, required = [] }: JsonSchema, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([name, schema]): Row[] => {
    const key = prefix + name
    const row = { key, schema, required: required.includes(name) && schema['default'] === undefined }
    const nested = nestedIn(schema, key)
    return nested.length > 0 && schema.properties !== undefined && text(schema) === '' ? nested : [row, ...nested]
  })
}

function nestedIn (schema: JsonSchema, key: string): Row[] {
  if (schema.properties !== undefined) return rowsOf(schema, `${key}.`)
  if (schema.items !== undefined) return nestedIn(schema.items, `${key}[]`)
  const seen = new Set<string>()
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(branch => nestedIn(branch, key)).filter(({ key: inner }) => !seen.has(inner) && seen.add(inner))
}

function line ({ key, schema, required }: Row): string {
  const described = [text(schema), exampleOf(schema)].filter(part => part !== '').join(' ')
  return `| \`${key}\` | ${cell(typeOf(schema))} | ${required ? '**required**' : cell(defaultOf(schema))} | ${cell(described)} |`
}

function text (schema: JsonSchema): string {
  const { description = '', secret } = schema as JsonSchema & { readonly description?: string }
  return secret === true ? `${description} Never shown.`.trim() : description
}

function typeOf (schema: JsonSchema): string {
  const limits = limitsOf(schema)
  if (schema.unit !== undefined) return `*${schema.unit}*${limits}`
  if (schema.enum !== undefined && schema.enum.length > 1) return schema.enum.map(code).join(', ')
  if (schema.expected === undefined && schema.type === 'array' && schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  if (schema.expected === undefined && (schema.type === undefined && schema.anyOf === undefined && schema.oneOf === undefined)) return 'anything'
  return describe(schema) + limits
}

function limitsOf (schema: JsonSchema): string {
  const { minimum, maximum, atLeast, atMost } = schema as { readonly [keyword in 'minimum' | 'maximum' | 'atLeast' | 'atMost']?: string | number }
  // With both, the words for the type have them.
  if (minimum !== undefined && maximum !== undefined) return ''
  const least = atLeast ?? minimum
  const most = atMost ?? maximum
  return (least === undefined ? '' : `, at least ${least}`) + (most === undefined ? '' : `, at most ${most}`)
}

function defaultOf (schema: JsonSchema): string {
  const value = schema['default']
  // The rows below have what an empty mapping is filled with.
  const filledBelow = schema.properties !== undefined && typeof value === 'object'
  return value === undefined || filledBelow ? '' : code(value)
}

/** Those of units are the same everywhere and stand at the top. */
function exampleOf (schema: JsonSchema): string {
  const { examples: given, unit } = schema as JsonSchema & { readonly examples?: readonly unknown[] }
  const own = unit !== undefined && JSON.stringify(given) === JSON.stringify(units[unit].examples) ? [] : given ?? []
  return own.length === 0 ? '' : `Example: ${own.map(code).join(', ')}.`
}

/** A value as one would write it in YAML. */
function code (value: unknown): string {
  return `\`${flow(value)}\``
}

function flow (value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function cell (content: string): string {
  return content.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function examples (unit: keyof typeof units): string {
  return units[unit].examples.map(example => `\`${example}\``).join(', ')
}
