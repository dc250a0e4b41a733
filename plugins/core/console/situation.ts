/** The state of a gateway in which something may be wrong: what {@link problemsOf} reads, as plain data. */

import {
  type GatewayApi, type GatewayControl, type GatewayEvent, type GateState, locked, type ReloadRecord, type ServingThread,
  type Target, type Upstream
} from '../../../src/index.ts'
import type { TargetTraffic } from './traffic-attempts.ts'
import type { PolicyTraffic } from './traffic-policies.ts'

/** The gate that closes a target. */
export interface ClosedBy extends Pick<GateState, 'state' | 'why'> {
  /** Its concern, such as `circuit-breaking`. */
  readonly gate: string
  /** Milliseconds until it may open; undefined where that is not known. */
  readonly opensIn: number | undefined
}

/** A target, and why no requests go to it. */
export interface TargetSituation {
  readonly url: string
  /** Undefined for one that is open. */
  readonly closed: ClosedBy | undefined
}

/** An upstream. Targets without weight are left out. */
export interface UpstreamSituation {
  readonly name: string
  readonly targets: readonly TargetSituation[]
  /** Whether requests are sent although no target is open, because the gates that close them may be overruled. */
  readonly overruled: boolean
}

/** All times are milliseconds since 1970. */
export interface Situation {
  readonly now: number
  readonly generation: number
  readonly upstreams: readonly UpstreamSituation[]
  readonly refused: GatewayControl['refused']
  /** The record of a configuration that was restored and serves: the file is not in use. */
  readonly restored: ReloadRecord | undefined
  readonly certificates: GatewayControl['certificates']
  readonly requested: ReturnType<GatewayApi['managedCertificates']>
  /** How many threads should serve clients; 0 where one thread does everything. */
  readonly threadsWanted: number
  readonly threads: readonly ServingThread[]
  /** The latest ones, the oldest first. */
  readonly events: readonly GatewayEvent[]
  /** By upstream and URL. */
  readonly attempts: Readonly<Record<string, Readonly<Record<string, Pick<TargetTraffic, 'rate' | 'errors'>>>>>
  readonly policies: Readonly<Record<string, PolicyTraffic>>
}

/** The situation of a gateway now. */
export function situationOf (gateway: GatewayApi, figures: Pick<Situation, 'attempts' | 'policies'>): Situation {
  const { clock, control, events, threads, upstreams } = gateway
  return {
    now: clock.wall(),
    generation: control.generation,
    upstreams: [...upstreams.values()].map(upstream => locked(upstream.lock, () => upstreamSituation(upstream, clock.now()))),
    refused: control.refused,
    restored: control.history.serving?.restores === undefined ? undefined : control.history.serving,
    certificates: control.certificates,
    requested: gateway.managedCertificates(),
    threadsWanted: threads.role === 'control' ? threads.count : 0,
    threads: control.threads,
    events: events.recent(),
    ...figures
  }
}

function upstreamSituation ({ name, targets }: Upstream, now: number): UpstreamSituation {
  const used = targets.filter(({ weight }) => weight > 0)
  return {
    name,
    targets: used.map(target => ({ url: target.url, closed: closedBy(target, now) })),
    overruled: used.some(target => target.closedBy(now, true) === undefined)
  }
}

function closedBy (target: Target, now: number): ClosedBy | undefined {
  const gate = target.closedBy(now, false)
  if (gate === undefined) return undefined
  const { state, why, opensAt } = gate.describe(now)
  return { gate: gate.name, state, ...why === undefined ? {} : { why }, opensIn: opensAt === undefined ? undefined : opensAt - now }
}
