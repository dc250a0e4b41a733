/**
 * Guards what a plugin that is not built in adds to an app: its hooks, handlers and error handlers. All of it is wrapped when the app is
 * built; built-in plugins are not.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import { GatewayError } from '../contract/errors.ts'
import type { PluginHook } from '../contract/plugin-hook.ts'
import { exchangeOf } from '../exchange/exchange.ts'
import { guardStage } from '../exchange/guarded-stage.ts'
import { responseStage, stageOf, withStage } from '../exchange/response-stage.ts'
import { wrapAdditions } from '../internals/fastify-add-hook.ts'
import type { Listing, PluginAdditions } from './plugin-additions.ts'
import { guardHandler, guardHook, logFailure, requestHooks, type HookTimeout } from './guarded-hook.ts'

type ErrorHandler = (this: FastifyInstance, error: Error, request: FastifyRequest, reply: FastifyReply) => unknown

export class PluginGuard {
  readonly #listing: Listing
  readonly #timeout: HookTimeout
  readonly #additions: PluginAdditions

  constructor (listing: Listing, timeout: HookTimeout, additions: PluginAdditions) {
    this.#listing = listing
    this.#timeout = timeout
    this.#additions = additions
  }

  /** From here on guards what is added to `scope` and to scopes within it. Returns what ends it. */
  attach (scope: FastifyInstance): () => void {
    let active = true
    const guardRoute = (options: RouteOptions): void => {
      if (active) this.#guardRoute(options)
    }
    scope.addHook('onRoute', guardRoute)
    const end = wrapAdditions(scope, {
      hook: (name, hook) => name === 'onRoute' ? this.#guardOnRoute(hook as (options: RouteOptions) => void) : this.#guard(name, hook),
      errorHandler: handler => this.#guardErrorHandler(handler as ErrorHandler),
      notFoundHandler: (handler, prefix) => {
        this.#additions.addedRoute(this.#listing, [], `${prefix}/*`, undefined)
        return guardHandler(this.#at('handler'), handler as RouteHandlerMethod)
      }
    })
    return () => {
      active = false
      end()
    }
  }

  /** Guards a route that the plugin adds. */
  #guardRoute (options: RouteOptions): void {
    const pluginRoute = this.#additions.addedRoute(this.#listing, [options.method].flat(), options.url, options.config)
    options.config = { ...options.config, pluginRoute }
    this.#guardHooksOf(options, none)
    const { errorHandler } = options
    if (errorHandler !== undefined) options.errorHandler = this.#guardErrorHandler(errorHandler as ErrorHandler)
    // The handler of a WebSocket has other arguments.
    if (!('websocket' in options || 'wsHandler' in options)) options.handler = guardHandler(this.#at('handler'), options.handler)
  }

  #at (hook: string): PluginHook {
    const { plugin, policy } = this.#listing
    return { plugin, policy, hook }
  }

  #guard (name: string, hook: unknown): unknown {
    if (!requestHooks.includes(name)) return hook
    this.#additions.added(this.#listing)
    const at = this.#at(name)
    const stage = name === 'onSend' ? stageOf(hook) : undefined
    if (stage === undefined) return guardHook(at, hook, this.#timeout)
    const guarded = guardStage(stage, at, logFailure as never)
    return withStage(guardHook(at, responseStage(guarded), 0) as never, guarded)
  }

  /** A plugin may add hooks to each route when it is added. */
  #guardOnRoute (onRoute: (this: FastifyInstance, options: RouteOptions) => void): unknown {
    const guardAdded = (options: RouteOptions, before: ReadonlySet<unknown>): void => this.#guardHooksOf(options, before)
    return function (this: FastifyInstance, options: RouteOptions): void {
      const before = new Set(requestHooks.flatMap(name => hooksOf(options, name)))
      onRoute.call(this, options)
      guardAdded(options, before)
    }
  }

  #guardHooksOf (options: RouteOptions, except: ReadonlySet<unknown>): void {
    for (const name of requestHooks) {
      const hooks = hooksOf(options, name)
      if (hooks.every(hook => except.has(hook))) continue
      Object.assign(options, { [name]: hooks.map(hook => except.has(hook) ? hook : this.#guard(name, hook)) })
    }
  }

  /** The reason of a GatewayError is known to log and metrics, whatever the plugin responds. */
  #guardErrorHandler (handler: ErrorHandler): ErrorHandler {
    const at = this.#at('errorHandler')
    this.#additions.added(this.#listing)
    return function (error, request, reply) {
      const exchange = exchangeOf(request.raw)
      exchange.running = at
      exchange.cause = error
      if (error instanceof GatewayError) exchange.reason = error.reason
      return handler.call(this, error, request, reply)
    }
  }
}

const none: ReadonlySet<unknown> = new Set()

function hooksOf (options: RouteOptions, name: string): readonly unknown[] {
  const hooks = (options as unknown as Readonly<Record<string, unknown>>)[name]
  return hooks === undefined ? [] : [hooks].flat()
}
