/** Composes the schema of the whole file: the kernel's keys and the keys that each plugin declares. */

import Type, { type TObject, type TSchema } from '#typebox'
import type { PluginModule } from '../../contract/plugin.ts'
import { ListenersSchema } from './listener-schema.ts'
import { AdminSchema, DnsSchema, LoggingSchema } from './process-schema.ts'
import { PluginEntrySchema, RouteSchema } from './route-schema.ts'
import { ServerSchema } from './server-schema.ts'
import { targetSchema, upstreamKeys, upstreamOrder } from './upstream-schema.ts'

const strict = { additionalProperties: false } as const
/** Keys that start with `x-` are the user's own, for anchors. */
const name = Type.String({ pattern: '^(?!x-)[A-Za-z0-9][A-Za-z0-9._-]*$' })

/** The schemas of the whole file and of the parts that are validated on their own. */
export interface Composition {
  readonly file: TObject
  readonly upstream: TObject
  /** A list of targets. */
  readonly targets: TSchema
}

let last: { readonly plugins: readonly PluginModule[], readonly composition: Composition } | undefined

/** The parts of a file in which plugins may have keys. */
export const parts = ['root', 'server', 'upstream', 'target', 'route'] as const

/** The keys of the gateway itself. */
export const kernelKeys: Readonly<Record<typeof parts[number], readonly string[]>> = {
  root: ['server', 'listeners', 'admin', 'logging', 'dns', 'upstreams', 'policies', 'plugins', 'routes'],
  server: Object.keys(ServerSchema.properties),
  upstream: ['targets', ...Object.keys(upstreamKeys)],
  target: ['url', 'weight'],
  route: Object.keys(RouteSchema.properties)
}

/**
 * Composes the schema. The same keys give the same object again, because compiling a validator takes longer than using it and a reload
 * would delay requests. Most policies declare no keys, so adding or removing one changes nothing.
 * @throws Error when two plugins declare the same key
 */
export function composeSchema (plugins: readonly PluginModule[]): Composition {
  const declaring = plugins.filter(({ config }) => config !== undefined && parts.some(part => config[part] !== undefined))
  const known = last?.plugins.length === declaring.length && last.plugins.every((plugin, index) => plugin === declaring[index])
  if (last === undefined || !known) {
    last = { plugins: declaring, composition: compose(declaring) }
  }
  return last.composition
}

function compose (plugins: readonly PluginModule[]): Composition {
  const target = targetSchema(collect(plugins, 'target'))
  const targets = Type.Array(target, { minItems: 1, description: 'The interchangeable targets.' })
  const upstream = Type.Object({ targets, ...upstreamKeys, ...collect(plugins, 'upstream') }, { ...strict, order: upstreamOrder })
  const route = Type.Object({ ...RouteSchema.properties, ...collect(plugins, 'route') }, strict)
  const server = Type.Object({ ...ServerSchema.properties, ...collect(plugins, 'server') }, {
    ...strict,
    default: {},
    description: 'The public listener.'
  })
  const file = Type.Object({
    server,
    listeners: ListenersSchema,
    admin: AdminSchema,
    logging: LoggingSchema,
    dns: DnsSchema,
    ...collect(plugins, 'root'),
    upstreams: Type.Record(name, upstream, { ...strict, default: {}, description: 'Named groups of interchangeable targets.' }),
    policies: Type.Record(name, PluginEntrySchema, {
      ...strict,
      default: {},
      description: 'Plugins with options, each under a name. Routes that list the name share its state.'
    }),
    plugins: Type.Array(PluginEntrySchema, {
      default: [],
      description: 'Plugins for the whole gateway, such as a gate or a balancer of your own.'
    }),
    routes: Type.Array(route, { minItems: 1, description: 'Which requests the gateway serves, and what responds to them.' })
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
