/** Looks at the traffic once a second, as long as a client asks for it. Outlives a reload. */

import { marksOf, type Mark } from './traffic-marks.ts'
import { problemsOf, type Problem } from './problems.ts'
import { situationOf } from './situation.ts'
import { TrafficFigures, type Watched } from './traffic-figures.ts'
import type { TargetTraffic } from './traffic-attempts.ts'
import type { PolicyTraffic } from './traffic-policies.ts'
import type { RouteTraffic } from './traffic-requests.ts'
import type { Second } from './traffic-seconds.ts'
import type { ThreadTraffic } from './traffic-threads.ts'

/** Milliseconds between two looks. */
const lookEvery = 1000

/** The first figures are there so soon after the first look, in milliseconds. */
const firstFigures = 200

/** How long it goes on looking after it was last asked, in milliseconds. */
const patience = 30_000

/** How old a mark may be, in milliseconds. */
const marksKept = 300_000

/** What `GET /traffic` answers. */
export interface TrafficReport {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly generation: number
  /** The last five minutes, as far as it looked, the oldest second first. */
  readonly totals: readonly Second[]
  /** By name. */
  readonly routes: Readonly<Record<string, RouteTraffic>>
  /** By name of the upstream, then by URL of the target. */
  readonly upstreams: Readonly<Record<string, Readonly<Record<string, TargetTraffic>>>>
  /** By name. */
  readonly policies: Readonly<Record<string, PolicyTraffic>>
  /** Those that serve clients; empty where one thread does everything. */
  readonly threads: readonly ThreadTraffic[]
  readonly marks: readonly Mark[]
  /** What is wrong now, worst first. */
  readonly problems: readonly Problem[]
}

export class TrafficSampler {
  /** The generations that there are, oldest first. */
  #generations: readonly Watched[] = []
  #figures: TrafficFigures | undefined
  #timer: NodeJS.Timeout | undefined
  #askedAt = 0

  add (watched: Watched): void {
    this.#generations = [...this.#generations, watched]
  }

  /** Also for one that was never added, because it was given up while it was built. */
  remove (watched: Watched): void {
    this.#generations = this.#generations.filter(other => other !== watched)
    if (this.#generations.length === 0) this.stop()
  }

  /** Whether it looks at the moment. */
  get looking (): boolean {
    return this.#timer !== undefined
  }

  /**
   * What there is to show. Being asked keeps it looking; the first second after a pause has no figures of routes and targets yet.
   * @param since leaves out this second and all before, in seconds since 1970
   * @param rows which of `routes` and `upstreams` have rows
   */
  report (since = 0, rows: readonly string[] = ['routes', 'upstreams']): TrafficReport {
    const watched = this.#newest
    const { gateway } = watched
    this.#askedAt = gateway.clock.now()
    const figures = this.#figures ?? this.#start(watched)
    const now = gateway.clock.wall()
    const [attempts, policies] = [figures.upstreams(watched), figures.policies(watched)]
    return {
      now,
      generation: gateway.control.generation,
      totals: figures.seconds.after(since),
      routes: rows.includes('routes') ? figures.routes(watched) : {},
      upstreams: rows.includes('upstreams') ? attempts : {},
      policies,
      threads: figures.threads(watched),
      marks: marksOf(gateway.events.recent(), now - marksKept),
      problems: problemsOf(situationOf(gateway, { attempts, policies }))
    }
  }

  /** Forgets what it has seen, until it is asked again. */
  stop (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#figures?.stop()
    this.#figures = undefined
  }

  get #newest (): Watched {
    return this.#generations.at(-1)!
  }

  #start (watched: Watched): TrafficFigures {
    const figures = new TrafficFigures()
    figures.look(watched)
    this.#figures = figures
    const look = (): void => {
      const newest = this.#newest
      if (newest.gateway.clock.now() - this.#askedAt > patience) this.stop()
      else figures.look(newest)
    }
    this.#timer = setTimeout(() => {
      this.#timer = setInterval(look, lookEvery).unref()
      look()
    }, firstFigures).unref()
    return figures
  }
}
