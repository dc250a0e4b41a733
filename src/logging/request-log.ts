/** `request.log`, the log of one request. Most requests never log, so the pino child is created with the first line. */

import type { FastifyBaseLogger } from 'fastify'
import type { Bindings, ChildLoggerOptions, LogFn, Logger } from 'pino'
import type { Exchange } from '../contract/exchange.ts'

/** Members of pino's children that Fastify's interface lacks and that plugins of the ecosystem use. */
type PinoOnly = Pick<Logger, 'bindings' | 'setBindings' | 'isLevelEnabled' | 'flush' | 'levels' | 'levelVal' | 'msgPrefix' | 'version'>

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** Adds `requestId` and `traceId` to every line of an exchange. */
export class RequestLog implements FastifyBaseLogger, PinoOnly {
  readonly #parent: Logger
  readonly #exchange: Exchange
  readonly #options: ChildLoggerOptions
  #own: Logger | undefined

  constructor (parent: FastifyBaseLogger, exchange: Exchange, options: ChildLoggerOptions) {
    this.#parent = parent as Logger
    this.#exchange = exchange
    this.#options = options
  }

  trace (...line: unknown[]): void {
    this.#write('trace', line)
  }

  debug (...line: unknown[]): void {
    this.#write('debug', line)
  }

  info (...line: unknown[]): void {
    this.#write('info', line)
  }

  warn (...line: unknown[]): void {
    // A plugin that responds after the client has disconnected made no error.
    if (!(this.#exchange.over && isAlreadySent(line[0]))) this.#write('warn', line)
  }

  error (...line: unknown[]): void {
    this.#write('error', line)
  }

  fatal (...line: unknown[]): void {
    this.#write('fatal', line)
  }

  silent (): void {}

  #write (level: Level, line: unknown[]): void {
    if (this.isLevelEnabled(level)) this.#made[level](...line as Parameters<LogFn>)
  }

  get #made (): Logger {
    if (this.#own === undefined) {
      const { id, trace } = this.#exchange
      const bindings = trace === undefined ? { requestId: id } : { requestId: id, traceId: trace.traceId }
      const { level, serializers } = this.#options
      // Without options a child is much cheaper.
      const plain = level === undefined && serializers === undefined
      this.#own = plain ? this.#parent.child(bindings) : this.#parent.child(bindings, this.#options)
    }
    return this.#own
  }

  get level (): string {
    return this.#own?.level ?? this.#options.level ?? this.#parent.level
  }

  set level (level: string) {
    this.#made.level = level
  }

  get levels (): Logger['levels'] {
    return this.#parent.levels
  }

  get levelVal (): number {
    return this.levels.values[this.level]!
  }

  get version (): string {
    return this.#parent.version
  }

  get msgPrefix (): string | undefined {
    return this.#made.msgPrefix
  }

  child (bindings: Bindings, options?: ChildLoggerOptions): FastifyBaseLogger {
    return this.#made.child(bindings, options)
  }

  bindings (): Bindings {
    return this.#made.bindings()
  }

  setBindings (bindings: Bindings): void {
    this.#made.setBindings(bindings)
  }

  isLevelEnabled (level: string): boolean {
    const inherits = this.#own === undefined && this.#options.level === undefined
    return inherits ? this.#parent.isLevelEnabled(level) : this.#made.isLevelEnabled(level)
  }

  flush (done?: (error?: Error) => void): void {
    this.#parent.flush(done)
  }
}

/** The warning of Fastify when a plugin sends a response to a request that already has one. */
function isAlreadySent (fields: unknown): boolean {
  return (fields as { readonly err?: { readonly code?: unknown } } | undefined)?.err?.code === 'FST_ERR_REP_ALREADY_SENT'
}
