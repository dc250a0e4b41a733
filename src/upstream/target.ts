/** A target as the kernel has it: its connections, and the rule that every attempt that enters is settled exactly once. */

import type { TargetSettings, UpstreamConfig } from '../config/types.ts'
import type { Holder, ReleasableHolder } from '../contract/holder.ts'
import type { Attempt, Gate, Outcome, Target, TargetLoad } from '../contract/target.ts'
import type { Transport } from '../contract/transport.ts'
import type { AttemptObserver, Upstream } from '../contract/upstream.ts'
import { allSettled } from '../state/all-settled.ts'
import { Holdings } from '../state/holdings.ts'
import { locked } from '../state/locked.ts'

/** What a target is made from. */
export interface TargetOptions {
  readonly upstream: Upstream
  /** Origin such as `http://10.0.0.7:3000` or `https://users.internal`. */
  readonly origin: string
  /** IP address that the connections go to; undefined when the host of the origin is looked up for each of them. */
  readonly address?: string
  /** Path in front of every forwarded path, without a trailing slash; '' for none. */
  readonly basePath: string
  /** Share of the traffic, relative to the other targets; 0 drains it. */
  readonly weight: number
  /** TLS to it; that of the upstream where it has no keys of its own. */
  readonly tls?: UpstreamConfig['tls']
  /** As it stands in the file, with the keys that plugins declare for targets. */
  readonly config: TargetSettings
  readonly load: TargetLoad
  /** Sends to it. Undefined in a rehearsal, which never sends. */
  readonly transport: Transport | undefined
  /** What gates take for it; its tasks end when it leaves, the rest when the last attempt is settled. */
  readonly holder?: ReleasableHolder
  /** Holds what attempts need until their end; released when it has left and the last of them is settled. */
  readonly connections?: ReleasableHolder
}

export class UpstreamTarget implements Target {
  readonly upstream: Upstream
  readonly origin: string
  readonly basePath: string
  readonly address: string | undefined
  readonly url: string
  readonly tls: UpstreamConfig['tls']
  readonly serverName: string
  readonly weight: number
  readonly config: TargetSettings
  readonly load: TargetLoad
  readonly transport: Transport | undefined
  readonly gates: Gate[] = []
  readonly #holder: ReleasableHolder
  readonly state: Holder['state']
  readonly table: Holder['table']
  readonly lock: Holder['lock']
  readonly count: Holder['count']
  readonly counts: Holder['counts']
  readonly resource: Holder['resource']
  readonly task: Holder['task']
  readonly hold: Holder['hold']
  readonly #connections: ReleasableHolder | undefined
  /** Attempts of this very object: the load is shared with other generations. */
  #attempts = 0
  #drained: (() => void) | undefined

  constructor (options: TargetOptions) {
    this.upstream = options.upstream
    this.origin = options.origin
    this.address = options.address
    this.basePath = options.basePath
    this.url = urlOf(options)
    this.tls = options.tls ?? options.upstream.config.tls
    this.serverName = new URL(options.origin).hostname
    this.weight = options.weight
    this.config = options.config
    this.load = options.load
    this.transport = options.transport
    this.#holder = options.holder ?? new Holdings().hold()
    this.state = this.#holder.state
    this.table = this.#holder.table
    this.lock = this.#holder.lock
    this.count = this.#holder.count
    this.counts = this.#holder.counts
    this.resource = this.#holder.resource
    this.task = this.#holder.task
    this.hold = this.#holder.hold
    this.#connections = options.connections
  }

  closedBy (now: number, overrule: boolean): Gate | undefined {
    for (const gate of this.gates) {
      if (!gate.permits(now) && !(overrule && gate.failOpen === true)) {
        if (gate.momentary !== true) this.load.closed = true
        return gate
      }
    }
    if (this.load.closed && !overrule) {
      this.load.closed = false
      this.load.openedAt = now
    }
    return undefined
  }

  enter (attempt: Attempt, now: number): void {
    this.load.enter()
    this.#attempts++
    for (let index = 0; index < this.gates.length; index++) {
      try {
        attempt.tickets[index] = this.gates[index]!.enter?.(now) ?? 0
      } catch (error) {
        this.#blame(index, error)
        // It has not let the attempt in, so it is not called for it again.
        attempt.tickets[index] = undefined
      }
    }
  }

  answered (attempt: Attempt, now: number): void {
    const { lock } = this.upstream
    lock.acquire()
    try {
      for (let index = 0; index < attempt.tickets.length; index++) {
        const ticket = attempt.tickets[index]
        try {
          if (ticket !== undefined) this.gates[index]!.answered?.(attempt, ticket, now)
        } catch (error) {
          this.#blame(index, error)
        }
      }
      this.#observe(this.upstream.headObservers, attempt, now)
    } finally {
      lock.release()
    }
  }

  recovered (now: number): void {
    locked(this.upstream.lock, () => { for (const gate of this.gates) gate.recovered?.(now) })
  }

  settle (attempt: Attempt, outcome: Outcome, now: number): void {
    if (attempt.outcome !== undefined) return
    attempt.outcome = outcome
    attempt.endedAt = now
    const { lock } = this.upstream
    lock.acquire()
    try {
      this.load.leave()
      for (let index = 0; index < attempt.tickets.length; index++) {
        const ticket = attempt.tickets[index]
        try {
          if (ticket !== undefined) this.gates[index]!.settle?.(attempt, ticket, now)
        } catch (error) {
          this.#blame(index, error)
        }
      }
      this.#observe(this.upstream.observers, attempt, now)
    } finally {
      lock.release()
    }
    if (--this.#attempts === 0) this.#drained?.()
  }

  /** An observer that throws does not affect the others. */
  #observe (observers: readonly AttemptObserver[], attempt: Attempt, now: number): void {
    for (const observe of observers) {
      try {
        observe(attempt, now)
      } catch (error) {
        this.upstream.report(error, 'an observer of attempts failed')
      }
    }
  }

  #blame (index: number, error: unknown): void {
    this.upstream.report(error, `the gate ${this.gates[index]!.name} failed`)
  }

  async leave (): Promise<void> {
    const tasks = this.#holder.endTasks()
    // Also the state: gates write into it until then, and its memory may be used again.
    const rest = this.#whenDrained().then(async () => await allSettled([this.#holder.release(), this.#connections?.release()]))
    await allSettled([tasks, rest])
  }

  async #whenDrained (): Promise<void> {
    if (this.#attempts > 0) await new Promise<void>(resolve => { this.#drained = resolve })
  }
}

/** The URL under which a target is reached: that of its name, or of its address when it has one. */
export function urlOf ({ origin, basePath, address }: Pick<TargetOptions, 'origin' | 'basePath' | 'address'>): string {
  if (address === undefined) return origin + basePath
  const url = new URL(origin)
  url.hostname = address.includes(':') ? `[${address}]` : address
  return url.origin + basePath
}
