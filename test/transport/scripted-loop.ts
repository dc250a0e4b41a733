/** An attempt loop over transports whose events a test makes. No socket, and no time but that of the mocked timers. */

import type { IncomingMessage } from 'node:http'
import { after, before, mock } from 'node:test'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { reasons, type GatewayError, type ReasonCode } from '../../src/contract/errors.ts'
import type { TargetResponse } from '../../src/contract/response.ts'
import type { Transmission, Transport, TransportFailure, TransportListener, TransportRequest } from '../../src/contract/transport.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { AttemptLoop } from '../../src/transport/attempt-loop.ts'
import { prepareRetries } from '../../src/transport/retry/retry.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { UpstreamTarget } from '../../src/upstream/target.ts'
import { TargetGroup } from '../../src/upstream/upstream.ts'
import { localClient } from '../helpers/local-client.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'

/** A failure that says no more than its reason. */
const nothingMore = { closedIdle: false, unwritten: false, unprocessed: false }

/** One request that was sent. The test says what becomes of it. */
export class Sent implements Transmission {
  readonly target: string
  readonly request: TransportRequest
  readonly #listener: TransportListener
  begun = false
  paused = false
  /** Calls of the loop. */
  readonly calls: string[] = []
  #over = false

  constructor (target: string, request: TransportRequest, listener: TransportListener) {
    this.target = target
    this.request = request
    this.#listener = listener
  }

  pause (): void {
    this.calls.push('pause')
    this.paused = true
  }

  resume (): void {
    this.calls.push('resume')
    this.paused = false
  }

  abort (error: Error): void {
    this.calls.push('abort')
    if (this.#over) return
    this.#over = true
    this.#listener.failed({ reason: (error as GatewayError).reason ?? reasons.internal, cause: error, ...nothingMore })
  }

  start (): this {
    this.#listener.started(this)
    return this
  }

  head (statusCode: number, headers: Readonly<Record<string, string>> = {}): this {
    this.begun = true
    this.#listener.head(statusCode, headers)
    return this
  }

  data (text: string): this {
    this.#listener.data(Buffer.from(text))
    return this
  }

  interim (statusCode: number): this {
    this.#listener.interim(statusCode, {})
    return this
  }

  end (trailers: Readonly<Record<string, string>> = {}): void {
    this.#over = true
    this.#listener.end(trailers)
  }

  fail (code: ReasonCode, more: Partial<TransportFailure> = {}): void {
    this.#over = true
    this.#listener.failed({ reason: reasons[code], cause: new Error(code), ...nothingMore, ...more })
  }
}

export interface ScriptOptions {
  readonly method?: string
  readonly targets?: number
  readonly body?: string
  readonly retry?: Partial<UpstreamConfig['retry']>
  readonly timeouts?: Partial<UpstreamConfig['timeouts']>
  readonly connections?: Partial<UpstreamConfig['connections']>
  /** Statuses that the upstream's fallback takes over. */
  readonly fallback?: readonly number[]
}

/** Time that stands still unless a test moves it, for all timers and clocks of the loops in a suite. */
export class VirtualTime {
  now = 0

  constructor () {
    before(() => {
      mock.timers.enable({ apis: ['setTimeout'] })
      mock.method(performance, 'now', () => this.now)
    })
    after(async () => {
      // Lists of timers end when their time is over.
      await this.pass(200_000, 1000)
      mock.reset()
    })
  }

  /** Lets time pass, a millisecond at a time, and what is due run. */
  async pass (ms: number, step = 1): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.now += step
      mock.timers.tick(step)
      await settled()
    }
  }
}

/** Starts a loop. */
export function startLoop (time: VirtualTime, options: ScriptOptions = {}) {
  const sent: Sent[] = []
  const checks: string[] = []
  const unreachable = new Set<string>()
  const groups = new Map<string, TargetGroup>()
  const budgets = new Map<string, { readonly state: object }>()
  const transportTo = (name: string): Transport => ({
    capacity: options.connections?.max ?? upstreamConfig().connections.max,
    send: (request, listener) => { sent.push(new Sent(name, request, listener)) },
    isReachable: async () => {
      checks.push(name)
      await settled()
      return !unreachable.has(name)
    },
    destroy: async () => {}
  })
  const group = (name: string, count: number, letters: string): TargetGroup => {
    const config = upstreamConfig()
    const upstream = new TargetGroup(name, {
      ...config,
      retry: { ...config.retry, ...options.retry },
      timeouts: { ...config.timeouts, ...options.timeouts },
      connections: { ...config.connections, ...options.connections }
    })
    upstream.setTargets(Array.from({ length: count }, (_, index) => new UpstreamTarget({
      upstream,
      origin: `http://${letters[index]!}.test`,
      basePath: '',
      weight: 1,
      config: {},
      load: new KeptLoad(),
      transport: transportTo(letters[index]!)
    })))
    groups.set(name, upstream)
    return upstream
  }
  const upstream = group('users', options.targets ?? 2, 'abc')
  if (options.fallback !== undefined) upstream.fallback = { upstream: group('reserve', 1, 'x'), statuses: new Set(options.fallback) }
  for (const [name, one] of groups) budgets.set(name, prepareRetries(one, new Holdings().hold()).budget)
  const { method = 'GET', body } = options
  const exchange = new HttpExchange(
    {
      method,
      headers: body === undefined ? {} : { 'content-length': String(body.length) },
      rawHeaders: [],
      socket: {}
    } as never as IncomingMessage,
    time.now,
    localClient,
    '127.0.0.1'
  )
  if (body !== undefined) exchange.body = Buffer.from(body)
  const trailers = (list: readonly string[]): string[] => [...list]
  const outgoing = { method, path: '/', headers: [], trailers, bodyLimit: Infinity, hostPreserved: false, withheld: undefined }
  const errors: unknown[] = []
  const destroyed: number[] = []
  const interims: number[] = []
  const responses: TargetResponse[] = []
  exchange.upstream = upstream
  exchange.outgoing = outgoing
  exchange.prepare = () => outgoing
  exchange.reply = { send: (error: unknown) => { errors.push(error) }, raw: { destroy: () => { destroyed.push(time.now) } } } as never
  upstream.select(exchange, time.now)
  const interim = (_exchange: unknown, statusCode: number): void => { interims.push(statusCode) }
  const context = { clock: { now: () => time.now, wall: () => time.now }, random: () => 0.5, interim }
  new AttemptLoop(exchange, context, (_error, response) => { responses.push(response) }).start()
  return {
    exchange,
    sent,
    errors,
    destroyed,
    interims,
    responses,
    checks,
    unreachable,
    upstream,
    budget: (name = 'users') => budgets.get(name)!.state,
    codes: () => errors.map(error => (error as GatewayError).code),
    outcomes: () => exchange.attempts.map(({ outcome }) => outcome),
    leave: () => exchange.close(time.now, error => { errors.push(error) })
  }
}

/** Lets promises and immediates run. */
export async function settled (): Promise<void> {
  for (let tick = 0; tick < 4; tick++) await new Promise(resolve => { setImmediate(resolve) })
}
