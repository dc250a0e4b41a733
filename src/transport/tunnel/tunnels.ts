/** The open WebSockets of one generation. */

import type { Duplex } from 'node:stream'
import type { Clock } from '../../contract/clock.ts'
import type { Exchange } from '../../contract/exchange.ts'
import { reasons } from '../../contract/errors.ts'
import type { TunnelHost, TunnelLimits, TunnelRecord } from '../../contract/tunnel.ts'
import { messageRate } from './message-rate.ts'
import { Tunnel } from './tunnel.ts'

/** The longest and shortest time between two checks of the limits, in milliseconds. */
const longestInterval = 1000
const shortestInterval = 10

export class Tunnels implements TunnelHost {
  readonly #clock: Clock
  readonly #open = new Map<Tunnel, Exchange>()
  readonly #waiters = new Set<() => void>()
  #interval = longestInterval
  #timer: NodeJS.Timeout | undefined
  #checkedAt = 0
  /** Whether new ones are closed at once. */
  #closing = false
  /** Called with the exchange of each that opens. */
  opened: (exchange: Exchange) => void = () => {}

  constructor (clock: Clock) {
    this.#clock = clock
  }

  get size (): number {
    return this.#open.size
  }

  open (exchange: Exchange, client: Duplex, target: Duplex, limits: TunnelLimits): TunnelRecord {
    const { maxMessage, messagesPerSecond } = limits
    const allows = messagesPerSecond === Infinity ? undefined : messageRate(messagesPerSecond, () => this.#clock.now())
    const tunnel = new Tunnel({
      client,
      target,
      limits,
      now: this.#clock.now(),
      rules: maxMessage === Infinity && allows === undefined ? undefined : { maxMessage, allows },
      received: (side, bytes) => {
        if (side === 'client') exchange.bytesIn += bytes
        else exchange.bytesOut += bytes
      },
      refused: problem => {
        if (problem !== 'malformed-frame') exchange.reason ??= reasons[problem]
      },
      cut: () => { exchange.reason ??= reasons['response-cut'] },
      over: () => this.#over(tunnel)
    })
    this.#open.set(tunnel, exchange)
    this.opened(exchange)
    this.#watch(limits)
    if (this.#closing) tunnel.close('shutdown')
    return tunnel
  }

  /** Tells both sides of all WebSockets to close, and of those that open from now on. */
  close (): void {
    this.#closing = true
    for (const tunnel of this.#open.keys()) tunnel.close('shutdown')
  }

  /** Cuts them all. Returns how many they were. */
  cut (): number {
    const { size } = this.#open
    for (const [tunnel, exchange] of this.#open) {
      exchange.reason ??= reasons.shutdown
      tunnel.destroy()
    }
    return size
  }

  /** Resolves when none is open. */
  async ended (): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>(resolve => { this.#waiters.add(resolve) })
  }

  #over (tunnel: Tunnel): void {
    this.#open.delete(tunnel)
    if (this.#open.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const done of this.#waiters) done()
    this.#waiters.clear()
  }

  /** One timer checks all of them. */
  #watch ({ idle, messageIdle, maxAge }: TunnelLimits): void {
    const shortest = Math.min(...[idle, messageIdle, maxAge].filter(time => time > 0), Infinity)
    const interval = Math.max(shortestInterval, Math.min(this.#interval, shortest / 4))
    if (this.#timer !== undefined && interval === this.#interval) return
    this.#interval = interval
    this.#checkedAt = this.#clock.now()
    clearInterval(this.#timer)
    this.#timer = setInterval(() => this.#check(), interval).unref()
  }

  #check (): void {
    const now = this.#clock.now()
    // A pause of this process is no silence.
    const elapsed = Math.min(now - this.#checkedAt, 2 * this.#interval)
    this.#checkedAt = now
    for (const tunnel of this.#open.keys()) tunnel.check(now, elapsed)
  }
}
