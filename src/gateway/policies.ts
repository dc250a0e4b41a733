/** Policies: plugins with options and a name. A list of them becomes one encapsulated scope, whatever the number of routes that use it. */

import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { PolicyOptions } from '../contract/policy.ts'
import type { PluginModule } from '../contract/plugin.ts'
import type { Authenticator } from '../contract/authentication.ts'
import { child } from '../config/pointer.ts'
import type { Config } from '../config/types.ts'
import { registerAt } from './registration.ts'
import type { ResponseHooks } from './response-hooks.ts'

/** Plugin modules by the name, path or package that the file gives them. */
export type LoadedPlugins = ReadonlyMap<string, PluginModule>

/** Registers policies in listed order on `scope` itself: their hooks meet requests in that order, and responses in the reverse one. */
export async function applyPolicies (scope: FastifyInstance, names: readonly string[], plugins: LoadedPlugins, responseHooks: ResponseHooks): Promise<void> {
  await registerPolicies(scope, names, plugins, responseHooks)
  await responseHooks.release()
}

/** The same, except that the hooks for responses are held back. */
export async function registerPolicies (scope: FastifyInstance, names: readonly string[], plugins: LoadedPlugins, responseHooks: ResponseHooks): Promise<void> {
  for (const name of names) {
    const { plugin, ...options } = scope.gateway.config.policies[name]!
    const module = plugins.get(plugin)!
    // Only what is written for this gateway is told its name; a foreign plugin gets just its own options.
    const own: Partial<PolicyOptions> = module.config === undefined ? {} : { policy: name }
    await responseHooks.register(child('/policies', name), async () => { await scope.register(unencapsulated(module), { ...options, ...own }) })
  }
}

/** Makes the authenticator of a policy, for another one that makes use of it. */
export async function createAuthenticator (scope: FastifyInstance, name: string, plugins: LoadedPlugins): Promise<Authenticator> {
  const { plugin, ...options } = scope.gateway.config.policies[name]!
  const { authenticator } = plugins.get(plugin)!
  let made: Authenticator | undefined
  await registerAt(child('/policies', name), async () => { made = await authenticator!(scope, { ...options, policy: name } as never) })
  return made!
}

/** Names of the fields that the policies of a file give to upstreams, in lower case. */
export function fieldsOfPolicies ({ policies }: Config, plugins: LoadedPlugins): string[] {
  return Object.values(policies).flatMap(({ plugin, ...options }) => plugins.get(plugin)?.config?.sets?.(options as never) ?? []).map(name => name.toLowerCase())
}

/** A policy's hooks must reach the routes of its scope, so the scope of its own that Fastify would give it is taken away. */
function unencapsulated (module: PluginModule): FastifyPluginAsync {
  const plugin = module.default as FastifyPluginAsync & { [key: symbol]: unknown }
  return plugin[Symbol.for('skip-override')] === true ? plugin : fp(plugin, { encapsulate: false })
}

/** Most scopes side by side: Fastify walks siblings recursively and overflows the stack above a few thousand. */
const fanOut = 200

/** Opens one scope for every item, nested so that no scope has too many siblings. */
export async function openScopes<T> (parent: FastifyInstance, items: readonly T[], open: (scope: FastifyInstance, item: T) => Promise<void>): Promise<void> {
  if (items.length <= fanOut) {
    for (const item of items) await parent.register(async scope => await open(scope, item))
    return
  }
  const size = Math.max(fanOut, Math.ceil(items.length / fanOut))
  for (let start = 0; start < items.length; start += size) {
    await parent.register(async scope => await openScopes(scope, items.slice(start, start + size), open))
  }
}
