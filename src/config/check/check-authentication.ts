/** Checks authentication: policies that use others, routes without authentication, and policies in the wrong order. */

import type { PluginModule, Report } from '../../contract/plugin.ts'
import type { LoadedPlugins } from '../../gateway/policies.ts'
import type { Steps } from '../../scheduling/steps.ts'
import { child } from '../pointer.ts'
import { nearest } from './nearest.ts'
import type { Config } from '../types.ts'

/** A use of one policy by another, with its place. */
interface Use {
  readonly pointer: string
  readonly name: string
}

/** The checks of one configuration whose policies have valid options. */
export class AuthenticationCheck {
  readonly #config: Config
  readonly #plugins: LoadedPlugins

  constructor (config: Config, plugins: LoadedPlugins) {
    this.#config = config
    this.#plugins = plugins
  }

  /** The policies that a policy uses. */
  usesOf (policy: string): readonly Use[] {
    const { module, options } = this.#policy(policy)
    const uses = module?.config?.uses?.(options) ?? []
    return uses.map(({ pointer, name }) => ({ pointer: child('/policies', policy) + pointer, name }))
  }

  /** Whether a policy authenticates clients. */
  authenticates (policy: string, asked: ReadonlySet<string> = new Set()): boolean {
    const { module, options } = this.#policy(policy)
    if (module?.authenticator === undefined || asked.has(policy)) return false
    const ask = (other: string): boolean => this.authenticates(other, new Set([...asked, policy]))
    return module.config?.authenticates?.(options, ask) ?? true
  }

  /** Checks that every policy that another one uses exists, authenticates, and does not use the other one in turn. */
  checkUses (report: Report): void {
    const names = Object.keys(this.#config.policies)
    for (const policy of names) {
      for (const { pointer, name } of this.usesOf(policy)) {
        if (!names.includes(name)) {
          const near = nearest(name, names)
          report({ pointer, message: `unknown policy "${name}"`, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) })
        } else if (this.#policy(name).module?.authenticator === undefined) {
          report({ pointer, message: `policy "${name}" does not authenticate, so it is no alternative` })
        } else if (this.#reaches(name, policy)) {
          report({ pointer, message: `policy "${name}" uses "${policy}" in turn` })
        }
      }
    }
  }

  /**
   * Checks that no route is open by accident. With `server.requireAuth` every route needs authentication or `public: true`; without it
   * an open route to an upstream that another route protects is a warning.
   */
  * checkRoutes (report: Report): Steps<void> {
    const { server, routes } = this.#config
    const everywhere = server.policies.some(name => this.authenticates(name))
    const guarded = new Map<string, string>()
    const open: { readonly pointer: string, readonly service: string | undefined }[] = []
    for (const [index, route] of routes.entries()) {
      yield
      const pointer = child('/routes', index)
      const service = route.upstream ?? route.target
      if (everywhere || route.policies.some(name => this.authenticates(name))) {
        if (route.public === true) {
          report({
            severity: 'warning',
            pointer: child(pointer, 'public'),
            at: 'key',
            message: 'the route is not public: a policy authenticates its clients'
          })
        }
        if (service !== undefined && !guarded.has(service)) guarded.set(service, route.name ?? route.path)
      } else if (route.public !== true) {
        open.push({ pointer, service })
      }
    }
    for (const { pointer, service } of open) {
      const sibling = service === undefined ? undefined : guarded.get(service)
      if (server.requireAuth) {
        report({
          pointer,
          message: 'no policy authenticates the clients of this route (server.requireAuth)',
          hint: 'list one under `policies`, or set `public: true`'
        })
      } else if (sibling !== undefined) {
        report({
          severity: 'warning',
          pointer,
          message: `"${service}" is open to everybody here, while the route ${sibling} authenticates its clients`,
          hint: 'set `public: true` if this is intended'
        })
      }
    }
  }

  /** Warns where a policy that authenticates comes before one that responds to preflights, which browsers send without credentials. */
  * checkPreflights (report: Report): Steps<void> {
    const { server, routes } = this.#config
    const preflights = (name: string): boolean => this.#policy(name).module?.config?.answersPreflight === true
    const check = (names: readonly string[], before: readonly string[], pointer: string): void => {
      for (const [index, name] of names.entries()) {
        const asking = [...before, ...names.slice(0, index)].find(other => this.authenticates(other))
        if (!preflights(name) || asking === undefined) continue
        report({
          severity: 'warning',
          pointer: child(pointer, index),
          message: `"${asking}" rejects preflights, which never carry credentials, before "${name}" can respond to them`,
          hint: `list "${name}" first`
        })
      }
    }
    check(server.policies, [], '/server/policies')
    for (const [index, route] of routes.entries()) {
      yield
      check(route.policies, server.policies, child(child('/routes', index), 'policies'))
    }
  }

  /** Warns where a policy needs claims of a client that no policy before it authenticates. */
  * checkClaims (report: Report): Steps<void> {
    const { server, routes } = this.#config
    const wants = (name: string): 'needed' | 'used' | undefined => {
      const { module, options } = this.#policy(name)
      return module?.config?.claims?.(options)
    }
    const check = (names: readonly string[], before: readonly string[], pointer: string): void => {
      for (const [index, name] of names.entries()) {
        const want = wants(name)
        const earlier = [...before, ...names.slice(0, index)]
        if (want === undefined || earlier.some(other => this.authenticates(other))) continue
        const later = names.slice(index + 1).find(other => this.authenticates(other))
        const place = { severity: 'warning', pointer: child(pointer, index) } as const
        if (later !== undefined) {
          const message = `"${name}" needs claims of the client before "${later}" authenticates it`
          report({ ...place, message, hint: `list "${later}" first` })
          continue
        }
        // A policy of the user before it may authenticate without declaring it.
        if (want !== 'needed' || !earlier.every(other => wants(other) === 'needed')) continue
        report({
          ...place,
          message: `"${name}" rejects every request here: no policy before it authenticates the client`,
          hint: 'list one that does first'
        })
      }
    }
    check(server.policies, [], '/server/policies')
    for (const [index, route] of routes.entries()) {
      yield
      check(route.policies, server.policies, child(child('/routes', index), 'policies'))
    }
  }

  #policy (name: string): { readonly module: PluginModule | undefined, readonly options: never } {
    const { plugin, ...options } = this.#config.policies[name] ?? { plugin: '' }
    return { module: this.#plugins.get(plugin), options: options as never }
  }

  #reaches (from: string, to: string, seen = new Set<string>()): boolean {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    return this.usesOf(from).some(({ name }) => this.#reaches(name, to, seen))
  }
}
