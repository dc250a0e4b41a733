/**
 * Registers policies: plugins with options and a name. Each distinct list of policies becomes one encapsulated scope, which all routes with
 * that list share.
 */

import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { PolicyOptions } from '../contract/policy.ts'
import type { PluginModule } from '../contract/plugin.ts'
import type { Authenticator } from '../contract/authentication.ts'
import { child } from '../config/pointer.ts'
import type { Config } from '../config/types.ts'
import { guardAuthenticator } from './guarded-authenticator.ts'
import type { Listing, PluginAdditions } from './plugin-additions.ts'
import { PluginGuard } from './plugin-guard.ts'
import { isBuiltIn } from './plugin-loading.ts'
import { registerAt } from './registration.ts'
import type { ResponseHooks } from './response-hooks.ts'

/** Plugin modules by the name, path or package in the configuration. */
export type LoadedPlugins = ReadonlyMap<string, PluginModule>

/** Registers policies in listed order on `scope` itself. Their hooks run in that order for requests, and in reverse order for responses. */
export async function applyPolicies (
  scope: FastifyInstance,
  names: readonly string[],
  plugins: LoadedPlugins,
  responseHooks: ResponseHooks,
  additions: PluginAdditions
): Promise<void> {
  await registerPolicies(scope, names, plugins, responseHooks, additions)
  await responseHooks.release()
}

/** The same, except that the hooks for responses are added later, by `responseHooks`. */
export async function registerPolicies (
  scope: FastifyInstance,
  names: readonly string[],
  plugins: LoadedPlugins,
  responseHooks: ResponseHooks,
  additions: PluginAdditions
): Promise<void> {
  // Its routes pass the policies around it, whichever of them are registered later.
  const policies = [...new Set([...scope.gateway.config.server.policies, ...names])]
  for (const name of names) {
    const { plugin, ...options } = scope.gateway.config.policies[name]!
    const module = plugins.get(plugin)!
    // Only plugins for this gateway get the name of their policy. A plain Fastify plugin gets just its own options.
    const own: Partial<PolicyOptions> = module.config === undefined ? {} : { policy: name }
    const pointer = child('/policies', name)
    await responseHooks.register(
      pointer,
      async () => await guardPlugin(
        scope,
        { plugin, policy: name, pointer, policies },
        additions,
        async () => { await scope.register(unencapsulated(module), { ...options, ...own }) }
      )
    )
  }
}

/** Runs the registration of a plugin. What one that is not built in adds to `scope` is guarded. */
export async function guardPlugin (
  scope: FastifyInstance,
  listing: Listing,
  additions: PluginAdditions,
  register: () => Promise<void>
): Promise<void> {
  if (isBuiltIn(listing.plugin)) {
    await register()
    return
  }
  additions.listed(listing)
  const detach = new PluginGuard(listing, scope.gateway.config.server.timeouts.policies, additions).attach(scope)
  additions.current = listing
  try {
    await register()
  } finally {
    additions.current = undefined
    detach()
  }
}

/** Creates the authenticator of a policy, for another policy that uses it. */
export async function createAuthenticator (scope: FastifyInstance, name: string, plugins: LoadedPlugins): Promise<Authenticator> {
  const { plugin, ...options } = scope.gateway.config.policies[name]!
  const { authenticator } = plugins.get(plugin)!
  let made: Authenticator | undefined
  await registerAt(child('/policies', name), async () => { made = await authenticator!(scope, { ...options, policy: name } as never) })
  const { policies: timeout } = scope.gateway.config.server.timeouts
  return isBuiltIn(plugin) ? made! : guardAuthenticator(made!, { plugin, policy: name, hook: 'authenticator' }, timeout)
}

/** Returns the names of the header fields that the policies of a configuration set for upstreams, in lower case. */
export function fieldsOfPolicies ({ policies }: Config, plugins: LoadedPlugins): string[] {
  return Object.values(policies).flatMap(({
    plugin,
    ...options
  }) => plugins.get(plugin)?.config?.sets?.(options as never) ?? []).map(name => name.toLowerCase())
}

/** Removes the separate scope that Fastify would give a policy, because its hooks must apply to the routes of the parent scope. */
function unencapsulated (module: PluginModule): FastifyPluginAsync {
  const plugin = module.default as FastifyPluginAsync & { [key: symbol]: unknown }
  return plugin[Symbol.for('skip-override')] === true ? plugin : fp(plugin, { encapsulate: false })
}

/** The most sibling scopes. Fastify visits siblings recursively, and the stack overflows with several thousand of them. */
const fanOut = 200

/** Opens one scope for every item, nested so that no scope has too many siblings. */
export async function openScopes<T> (
  parent: FastifyInstance,
  items: readonly T[],
  open: (scope: FastifyInstance, item: T) => Promise<void>
): Promise<void> {
  if (items.length <= fanOut) {
    for (const item of items) await parent.register(async scope => await open(scope, item))
    return
  }
  const size = Math.max(fanOut, Math.ceil(items.length / fanOut))
  for (let start = 0; start < items.length; start += size) {
    await parent.register(async scope => await openScopes(scope, items.slice(start, start + size), open))
  }
}
