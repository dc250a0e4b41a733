/**
 * The hooks that plugins add to a scope, before Fastify gets them.
 *
 * Relies on: plugins add hooks by the method `addHook` of the scope that they are given, and their handlers of errors
 * and of unknown paths by `setErrorHandler` and `setNotFoundHandler`; all may be replaced on the object, and scopes
 * within it inherit them.
 * Checked with fastify 5.12.8.
 * Without it: the response hooks of policies run in the order in which the policies are listed, and not at all for
 * responses that do not go through Fastify. Errors of plugins that are not built in are those of the gateway, and their hooks have no
 * time limit.
 */

import type { FastifyInstance } from 'fastify'

type AddHook = (this: FastifyInstance, name: string, hook: unknown) => FastifyInstance

/**
 * From here on `take` is asked about each hook that is added to the scope itself, and keeps those for which it
 * returns true. Returns what ends it.
 */
export function interceptHooks (scope: FastifyInstance, take: (name: string, hook: unknown) => boolean): () => void {
  const { addHook } = scope as unknown as { readonly addHook: AddHook }
  const intercept: AddHook = function (name, hook) {
    return this === scope && take(name, hook) ? this : addHook.call(this, name, hook)
  }
  Object.assign(scope, { addHook: intercept })
  return () => { Object.assign(scope, { addHook }) }
}

type SetErrorHandler = (this: FastifyInstance, handler: unknown) => FastifyInstance

type SetNotFoundHandler = (this: FastifyInstance, ...given: unknown[]) => FastifyInstance

interface Methods {
  readonly addHook: AddHook
  readonly setErrorHandler: SetErrorHandler
  readonly setNotFoundHandler: SetNotFoundHandler
}

/** What becomes of a hook or handler that a plugin adds. */
export interface Wrappers {
  hook (name: string, hook: unknown): unknown
  errorHandler (handler: unknown): unknown
  /** A handler of requests that no route below `prefix` matches. */
  notFoundHandler (handler: unknown, prefix: string): unknown
}

/** From here on what is added to the scope, and to scopes within it, is what `wrappers` return. Returns what ends it. */
export function wrapAdditions (scope: FastifyInstance, wrappers: Wrappers): () => void {
  const { addHook, setErrorHandler, setNotFoundHandler } = scope as unknown as Methods
  const wrapHook: AddHook = function (name, hook) {
    return addHook.call(this, name, wrappers.hook(name, hook))
  }
  const wrapErrorHandler: SetErrorHandler = function (handler) {
    return setErrorHandler.call(this, typeof handler === 'function' ? wrappers.errorHandler(handler) : handler)
  }
  const wrapNotFoundHandler: SetNotFoundHandler = function (...given) {
    return setNotFoundHandler.apply(this, given.map(one => typeof one === 'function' ? wrappers.notFoundHandler(one, this.prefix) : one))
  }
  Object.assign(scope, { addHook: wrapHook, setErrorHandler: wrapErrorHandler, setNotFoundHandler: wrapNotFoundHandler })
  return () => { Object.assign(scope, { addHook, setErrorHandler, setNotFoundHandler }) }
}
