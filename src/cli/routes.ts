/** `onedoor routes`: lists the routes, one line each. */

import { rootPlugins } from '../gateway/app.ts'
import type { Loaded } from '../config/load.ts'
import type { Config, RouteConfig } from '../config/types.ts'
import type { LoadedPlugins } from '../gateway/policies.ts'
import { isBuiltIn } from '../gateway/plugin-loading.ts'
import { readRoutes } from '../contract/route.ts'
import type { Arguments } from './command.ts'
import { choose, load } from './configuration.ts'
import { dryRun } from './dry-run.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'
import { table } from './table.ts'

/** A route as this command shows it. */
interface Row {
  readonly name: string
  readonly methods: readonly string[]
  readonly host: readonly string[]
  readonly path: string
  /** The conditions on header fields and query parameters, as text. */
  readonly conditions: readonly string[]
  /** The policies in running order, those of `server.policies` first. */
  readonly policies: readonly string[]
  /** The key that serves the route and its value, such as `upstream users`. */
  readonly answers: string
}

export async function routes (args: Arguments, io: Io): Promise<number> {
  const loaded = await load(choose(args, io, 0))
  const { config, plugins, redactor } = loaded
  const rows = [...describeRoutes(config, plugins), ...await pluginRoutes(loaded)]
  if (args.has('json')) io.stdout.write(`${redactor.text(JSON.stringify(rows, null, 2))}\n`)
  else io.stdout.write(`${redactor.text(lines(rows, paintOf(io.stdout, io).bold).join('\n'))}\n`)
  return exit.ok
}

/** Routes that plugins add beside those of the file. Only building tells; built-in plugins add none. */
async function pluginRoutes (loaded: Loaded): Promise<Row[]> {
  if ([...loaded.plugins.keys()].every(isBuiltIn)) return []
  const built = await dryRun(loaded)
  await built.close()
  return built.pluginRoutes.map(({ plugin, methods, path, policies }) => ({
    name: path,
    methods,
    host: [],
    path,
    conditions: [],
    policies,
    answers: `plugin ${plugin}`
  }))
}

function describeRoutes (config: Config, plugins: LoadedPlugins): Row[] {
  const answering = [...rootPlugins, ...plugins.values()].flatMap(({ config: own }) => own?.answers ?? [])
  return readRoutes(config).map(({ name, pattern, policies, config: route }) => ({
    name,
    methods: route.methods ?? [],
    host: [route.host ?? []].flat(),
    path: pattern,
    conditions: [...conditions('', written(route)), ...conditions('?', route.query)],
    policies: [...config.server.policies, ...policies],
    answers: answerOf(route, answering)
  }))
}

/** The conditions on header fields that stand in the file. */
function written ({ grpc, headers = {} }: RouteConfig): RouteConfig['headers'] {
  return grpc === undefined ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-type'))
}

function conditions (sign: string, wanted: RouteConfig['headers']): string[] {
  return Object.entries(wanted ?? {}).map(([name, value]) => {
    if (typeof value === 'string') return value === '*' ? `${sign}${name}` : `${sign}${name}=${value}`
    if ('regex' in value) return `${sign}${name}~${value.regex}`
    return value.present ? `${sign}${name}` : `no ${sign}${name}`
  })
}

function answerOf (route: RouteConfig, answering: readonly string[]): string {
  const entries = Object.entries(route) as [string, unknown][]
  const [key, value] = entries.find(([name, inner]) => answering.includes(name) && inner !== undefined) ?? ['nobody', '']
  return `${key} ${brief(value)}`.trimEnd()
}

/** Shortens a value for a column. */
function brief (value: unknown): string {
  if (typeof value === 'string') return value
  const text = Array.isArray(value) ? value.map(inner).join(' · ') : inner(value)
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`
}

/** Formats `{ status: 200, json: {…} }` as `status 200, json`. Nested values are only named. */
function inner (value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value).map(([key, part]) => typeof part === 'object' ? key : `${key} ${String(part)}`).join(', ')
}

function lines (rows: readonly Row[], bold: (text: string) => string): string[] {
  const all = [[
    'METHODS', 'HOST', 'PATH', 'CONDITIONS', 'POLICIES', 'ANSWERED BY'
  ], ...rows.map(({ methods, host, path, conditions, policies, answers }) => [
    methods.join(',') || 'any', host.join(',') || 'any', path, conditions.join(', ') || '-', policies.join(', ') || '-', answers
  ])]
  const [head, ...body] = table(all)
  return [bold(head!), ...body]
}
