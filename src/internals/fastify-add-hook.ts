/**
 * The hooks that plugins add to a scope, before Fastify gets them.
 *
 * Relies on: plugins add hooks by the method `addHook` of the scope that they are given, which may be replaced on
 * the object; scopes within it inherit the method.
 * Checked with fastify 5.12.8.
 * Without it: the response hooks of policies run in the order in which the policies are listed, and not at all for
 * responses that do not go through Fastify.
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
