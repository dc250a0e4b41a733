/** The schema of the whole file: the kernel's keys plus the keys that each plugin declares. */

import Type, { type TObject, type TSchema } from 'typebox'
import type { PluginModule } from '../../contract/plugin.ts'
import { AdminSchema, DnsSchema, LoggingSchema, PluginEntrySchema, RouteSchema, ServerSchema, targetSchema, upstreamKeys, upstreamOrder } from './schema.ts'

const strict = { additionalProperties: false } as const
/** `x-*` is the user's, for anchors. */
const name = '^(?!x-)[A-Za-z0-9][A-Za-z0-9._-]*$'

/** The schema of `server`, of one upstream, of one route, and of the whole file. */
export interface Composition {
  readonly file: TObject
  readonly upstream: TObject
  /** A list of targets. */
  readonly targets: TSchema
}

let last: { readonly plugins: readonly PluginModule[], readonly composition: Composition } | undefined

const parts = ['root', 'server', 'upstream', 'target', 'route'] as const

/**
 * Composes the schema. The same keys get the same schema again, because compiling a validator from it takes longer than using it:
 * a reload would stall requests. Most policies declare none, so one more or less changes nothing. Two plugins that declare the same key
 * are a fault of the plugins: it throws.
 */
export function composeSchema (plugins: readonly PluginModule[]): Composition {
  const declaring = plugins.filter(({ config }) => config !== undefined && parts.some(part => config[part] !== undefined))
  if (last === undefined || last.plugins.length !== declaring.length || !last.plugins.every((plugin, index) => plugin === declaring[index])) {
    last = { plugins: declaring, composition: compose(declaring) }
  }
  return last.composition
}

function compose (plugins: readonly PluginModule[]): Composition {
  const target = targetSchema(collect(plugins, 'target'))
  const targets = Type.Array(target, { minItems: 1, description: 'The interchangeable targets.' })
  const upstream = Type.Object({ targets, ...upstreamKeys, ...collect(plugins, 'upstream') }, { ...strict, order: upstreamOrder })
  const route = Type.Object({ ...RouteSchema.properties, ...collect(plugins, 'route') }, strict)
  const server = Type.Object({ ...ServerSchema.properties, ...collect(plugins, 'server') }, { ...strict, default: {}, description: 'The public listener.' })
  const file = Type.Object({
    server,
    admin: AdminSchema,
    logging: LoggingSchema,
    dns: DnsSchema,
    ...collect(plugins, 'root'),
    upstreams: Type.Record(Type.String({ pattern: name }), upstream, { ...strict, default: {}, description: 'Named groups of interchangeable targets.' }),
    policies: Type.Record(Type.String({ pattern: name }), PluginEntrySchema, { ...strict, default: {}, description: 'Plugins with options, named once; routes that list the name share its state.' }),
    plugins: Type.Array(PluginEntrySchema, { default: [], description: 'Plugins for the whole gateway, such as a gate or a balancer of your own.' }),
    routes: Type.Array(route, { minItems: 1, description: 'What clients may ask for, and who answers.' })
  }, strict)
  return { file, upstream, targets: Type.Array(target) }
}

function collect (plugins: readonly PluginModule[], part: typeof parts[number]): Record<string, TSchema> {
  const keys: Record<string, TSchema> = {}
  for (const plugin of plugins) {
    for (const [key, schema] of Object.entries(plugin.config?.[part] ?? {})) {
      if (Object.hasOwn(keys, key)) throw new Error(`two plugins declare the key "${key}" of ${part}`)
      keys[key] = schema
    }
  }
  return keys
}
