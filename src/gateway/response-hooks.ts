/** Reverses the order of response hooks: with plugins a, b and c, a request passes a, b, c and its response c, b, a. */

import type { FastifyInstance } from 'fastify'
import { interceptHooks } from '../internals/fastify-add-hook.ts'
import { registerAt } from './registration.ts'

/** The hooks of Fastify that can change a response. `onResponse` and `onError` only observe, so their order does not matter. */
const names: ReadonlySet<string> = new Set(['preSerialization', 'onSend'])

/**
 * Holds back the response hooks that plugins add to a scope, and adds them in reverse order of the plugins. Hooks of one plugin keep their
 * order. Fastify runs the hooks of an outer scope first, but a hook that is added late is also appended to the inner scopes. So the outer
 * scope adds its hooks when the inner ones are complete.
 */
export class ResponseHooks {
  readonly #scope: FastifyInstance
  readonly #plugins: { readonly pointer: string | undefined, readonly hooks: [name: string, hook: unknown][] }[] = []
  /** The `onSend` hooks that have been added, in running order. */
  readonly onSend: unknown[] = []

  constructor (scope: FastifyInstance) {
    this.#scope = scope
  }

  /**
   * Registers a plugin, which the file names at `pointer` unless it is built in. Hooks that it adds to scopes of its own are not held back.
   */
  async register (pointer: string | undefined, register: () => Promise<void>): Promise<void> {
    const hooks: [string, unknown][] = []
    this.#plugins.push({ pointer, hooks })
    const release = interceptHooks(this.#scope, (name, hook) => names.has(name) && hooks.push([name, hook]) > 0)
    try {
      await registerAt(pointer, register)
    } finally {
      release()
    }
  }

  /** Adds the hooks that were held back. */
  async release (): Promise<void> {
    const scope = this.#scope
    for (const { pointer, hooks } of this.#plugins.splice(0).reverse()) {
      if (hooks.length === 0) continue
      await registerAt(pointer, async () => {
        for (const [name, hook] of hooks) {
          if (name === 'onSend') this.onSend.push(hook)
          scope.addHook(name as 'onSend', hook as never)
        }
        await scope.after()
      })
    }
  }
}
