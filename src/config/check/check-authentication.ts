/** Who may enter: policies that make use of others, routes that must have one, and doors left open beside guarded ones. */

import type { PluginModule, Report } from '../../contract/plugin.ts'
import type { LoadedPlugins } from '../../gateway/policies.ts'
import type { Steps } from '../../scheduling/steps.ts'
import { child } from '../pointer.ts'
import { nearest } from './problem.ts'
import type { Config } from '../types.ts'

/** A use of one policy by another, with its place. */
interface Use {
  readonly pointer: string
  readonly name: string
}

export class AuthenticationCheck {
  readonly #config: Config
  readonly #plugins: LoadedPlugins

  constructor (config: Config, plugins: LoadedPlugins) {
    this.#config = config
    this.#plugins = plugins
  }

  /** The policies that a policy makes use of. */
  usesOf (policy: string): readonly Use[] {
    const { module, options } = this.#policy(policy)
    return (module?.config?.uses?.(options) ?? []).map(({ pointer, name }) => ({ pointer: child('/policies', policy) + pointer, name }))
  }

  /** Whether a policy tells who its clients are. */
  authenticates (policy: string, asked: ReadonlySet<string> = new Set()): boolean {
    const { module, options } = this.#policy(policy)
    if (module?.authenticator === undefined || asked.has(policy)) return false
    const ask = (other: string): boolean => this.authenticates(other, new Set([...asked, policy]))
    return module.config?.authenticates?.(options, ask) ?? true
  }

  /** Checks that what is used is there, can be used, and does not go round in a circle. */
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
          report({ pointer, message: `policy "${name}" makes use of "${policy}" in turn` })
        }
      }
    }
  }

  /** Checks that nobody enters by oversight: with `server.requireAuth` every route says who may, without it an open route beside guarded ones is a warning. */
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
        if (route.public === true) report({ severity: 'warning', pointer: child(pointer, 'public'), at: 'key', message: 'the route is not public: a policy asks who its clients are' })
        if (service !== undefined && !guarded.has(service)) guarded.set(service, route.name ?? route.path)
      } else if (route.public !== true) {
        open.push({ pointer, service })
      }
    }
    for (const { pointer, service } of open) {
      const sibling = service === undefined ? undefined : guarded.get(service)
      if (server.requireAuth) report({ pointer, message: 'no policy asks who the clients of this route are (server.requireAuth)', hint: 'list one under `policies`, or say `public: true`' })
      else if (sibling !== undefined) report({ severity: 'warning', pointer, message: `everybody reaches "${service}" here, while the route ${sibling} asks who its clients are`, hint: 'say `public: true` if that is meant' })
    }
  }

  /** Browsers send preflights without credentials, so whoever asks for some refuses them before they can be answered. */
  * checkPreflights (report: Report): Steps<void> {
    const { server, routes } = this.#config
    const preflights = (name: string): boolean => this.#policy(name).module?.config?.answersPreflight === true
    const behind = (names: readonly string[], before: readonly string[], pointer: string): void => {
      for (const [index, name] of names.entries()) {
        const asking = [...before, ...names.slice(0, index)].find(other => this.authenticates(other))
        if (preflights(name) && asking !== undefined) report({ severity: 'warning', pointer: child(pointer, index), message: `"${asking}" refuses preflights, which never carry credentials, before "${name}" can answer them`, hint: `list "${name}" first` })
      }
    }
    behind(server.policies, [], '/server/policies')
    for (const [index, route] of routes.entries()) {
      yield
      behind(route.policies, server.policies, child(child('/routes', index), 'policies'))
    }
  }

  /** What is asked of a client before anybody has asked who it is. */
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
        if (later !== undefined) report({ ...place, message: `"${name}" asks for claims of the client before "${later}" has found out who it is`, hint: `list "${later}" first` })
        // Another one before it may be somebody's own that knows clients without saying so.
        else if (want === 'needed' && earlier.every(other => wants(other) === 'needed')) report({ ...place, message: `"${name}" refuses everybody here: no policy before it finds out who the client is`, hint: 'list one that does first' })
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
