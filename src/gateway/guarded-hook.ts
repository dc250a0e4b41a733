/**
 * Hooks of plugins that are not built in, as Fastify gets them: the exchange knows which one is running, an error is never lost, and one
 * that does not end is given up after a time.
 */

import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { GatewayError } from '../contract/errors.ts'
import type { PluginHook } from '../contract/plugin-hook.ts'
import { exchangeOf, type HttpExchange } from '../exchange/exchange.ts'
import { payloadAfter } from '../exchange/response-body.ts'

/** Milliseconds for one hook; 0 means no limit. */
export type HookTimeout = number

type Done = (error?: unknown, value?: unknown) => void
type Hook = (this: unknown, request: FastifyRequest, reply: FastifyReply, ...rest: unknown[]) => unknown

/**
 * What follows the failure of a hook. `reject`: an error response. `replace`: the same, but while the gateway sends its own error document
 * the document is sent as it is. `log`: nothing but a log line.
 */
type OnFailure = 'reject' | 'replace' | 'log'

interface Kind {
  /** Whether the hook gets a payload or an error before `done`. */
  readonly payload: boolean
  readonly onFailure: OnFailure
  /** Whether the request waits for the hook. */
  readonly awaited: boolean
}

/** The hooks of Fastify that run for a request. `onRequestAbort` has other arguments, see {@link guardAbortHook}. */
const kinds: Readonly<Record<string, Kind>> = {
  onRequest: { payload: false, onFailure: 'reject', awaited: true },
  preParsing: { payload: true, onFailure: 'reject', awaited: true },
  preValidation: { payload: false, onFailure: 'reject', awaited: true },
  preHandler: { payload: false, onFailure: 'reject', awaited: true },
  preSerialization: { payload: true, onFailure: 'replace', awaited: true },
  onSend: { payload: true, onFailure: 'replace', awaited: true },
  onError: { payload: true, onFailure: 'log', awaited: true },
  onResponse: { payload: false, onFailure: 'log', awaited: false },
  onTimeout: { payload: false, onFailure: 'log', awaited: false }
}

/** The names of the hooks that run for a request. */
export const requestHooks: readonly string[] = [...Object.keys(kinds), 'onRequestAbort']

/** Returns the guarded hook. Leaves other hooks than those of requests, and those that Fastify rejects, as they are. */
export function guardHook (at: PluginHook, hook: unknown, timeout: HookTimeout): unknown {
  const kind = kinds[at.hook]
  if (typeof hook !== 'function') return hook
  if (at.hook === 'onRequestAbort') return guardAbortHook(at, hook as Hook)
  // Fastify refuses an async function that takes a callback as well, by the number of its parameters.
  if (kind === undefined || (hook.constructor.name === 'AsyncFunction' && hook.length === (kind.payload ? 4 : 3))) return hook
  const limit = kind.awaited ? timeout : 0
  return kind.payload
    ? function (this: unknown, request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
      const exchange = exchangeOf(request.raw)
      if (exchange.failedHook === at) {
        done()
        return
      }
      const passed: Done = at.hook === 'onSend' ? passing(exchange, reply, payload, done) : done
      const run = new HookRun(at, kind.onFailure, exchange, reply, passed)
      try {
        run.pending((hook as Hook).call(this, request, reply, payload, run.settle), limit)
      } catch (error) {
        run.thrown(error)
      }
    }
    : function (this: unknown, request: FastifyRequest, reply: FastifyReply, done: Done): void {
      const run = new HookRun(at, kind.onFailure, exchangeOf(request.raw), reply, done)
      try {
        run.pending((hook as Hook).call(this, request, reply, run.settle), limit)
      } catch (error) {
        run.thrown(error)
      }
    }
}

/** A callback that sends what is left to send after the hook. */
function passing (exchange: HttpExchange, reply: FastifyReply, payload: unknown, done: Done): Done {
  const before = { payload, length: reply.getHeader('content-length') }
  return (error, value) => done(error, error ? undefined : payloadAfter(exchange, reply, before, value))
}

/** A handler of a route. Errors that follow it, such as of the serialization of what it sends, are those of its plugin too. */
export function guardHandler (at: PluginHook, handler: RouteHandlerMethod): RouteHandlerMethod {
  return function (request, reply) {
    exchangeOf(request.raw).running = at
    return handler.call(this, request, reply)
  }
}

/** One call of a hook. */
class HookRun {
  readonly #at: PluginHook
  readonly #onFailure: OnFailure
  readonly #exchange: HttpExchange
  readonly #reply: FastifyReply
  readonly #done: Done
  readonly #outer: PluginHook | undefined
  #timer: NodeJS.Timeout | undefined
  #settled = false

  constructor (at: PluginHook, onFailure: OnFailure, exchange: HttpExchange, reply: FastifyReply, done: Done) {
    this.#at = at
    this.#onFailure = onFailure
    this.#exchange = exchange
    this.#reply = reply
    this.#done = done
    this.#outer = exchange.running
    exchange.running = at
  }

  /** The callback of the hook. The first call counts. */
  readonly settle: Done = (error, value) => {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    if (error) this.#fail(error)
    else {
      // A hook that has sent the response stays the one that did.
      if (!this.#isAnswered()) this.#exchange.running = this.#outer
      this.#done(undefined, value)
    }
  }

  /** The hook has returned. */
  pending (result: unknown, limit: HookTimeout): void {
    if (this.#settled) return
    if (isThenable(result)) {
      result.then(value => this.settle(undefined, value), error => this.settle(error ?? new Error(`rejected with ${error}`)))
    }
    if (limit === 0 || this.#isAnswered()) return
    this.#timer = this.#arm(limit)
    this.#exchange.onClose(() => clearTimeout(this.#timer))
  }

  /** The hook has thrown. */
  thrown (error: unknown): void {
    // What follows the hook runs inside its call of `done`.
    if (this.#settled) throw error
    this.settle(error ?? new Error(`${error} was thrown`))
  }

  #arm (limit: HookTimeout): NodeJS.Timeout {
    return setTimeout(() => {
      const exchange = this.#exchange
      if (exchange.over || this.#isAnswered()) return
      // Slow clients and targets are not the fault of the plugin.
      if (exchange.bodiesAwaited > 0) this.#timer = this.#arm(limit)
      else this.settle(tooLate(this.#at, limit))
    }, limit)
  }

  #fail (error: unknown): void {
    const exchange = this.#exchange
    if (this.#onFailure === 'log' || (this.#onFailure === 'replace' && exchange.ownResponse)) {
      exchange.running = this.#outer
      logFailure(exchange, this.#at, error)
      this.#done()
      return
    }
    exchange.running = this.#at
    if (this.#onFailure === 'replace') exchange.failedHook = this.#at
    // Fastify ignores an error after the response.
    if (this.#reply.sent) logFailure(exchange, this.#at, error)
    this.#done(error)
  }

  #isAnswered (): boolean {
    return this.#reply.sent || this.#reply.raw.headersSent
  }
}

/** The error of a hook that did not end in time. Only the log says which. */
export function tooLate ({ hook }: PluginHook, limit: HookTimeout): GatewayError {
  return new GatewayError('policy-timeout', { cause: new Error(`${hook} did not end within ${limit / 1000} s`) })
}

/** Logs a failure that the response does not show. */
export function logFailure ({ request }: HttpExchange, { plugin, policy, hook }: PluginHook, error: unknown): void {
  request!.log.error({ code: 'plugin-error', fault: 'plugin', plugin, policy, hook, err: error }, 'a plugin failed')
}

function guardAbortHook (at: PluginHook, hook: (this: unknown, request: FastifyRequest, ...rest: never[]) => unknown): unknown {
  if (hook.constructor.name === 'AsyncFunction' && hook.length !== 1) return hook
  return function (this: unknown, request: FastifyRequest, done: Done): void {
    const settle: Done = error => {
      if (error) logFailure(exchangeOf(request.raw), at, error)
      done()
    }
    try {
      const result = hook.call(this, request, settle as never)
      if (isThenable(result)) result.then(() => settle(), settle)
    } catch (error) {
      settle(error)
    }
  }
}

function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}
