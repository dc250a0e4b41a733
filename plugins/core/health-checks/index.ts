/**
 * Health checks: `upstreams.*.healthChecks` takes unhealthy targets out of rotation, by probes and by their
 * traffic. Operators can drain targets.
 */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { locked, type PluginConfig, type Target, type Upstream } from '../../../src/index.ts'
import { checkHealthChecks } from './check.ts'
import { addDrainGates, addDrainRoutes, isDrained } from './draining.ts'
import { HealthGate } from './health-gate.ts'
import { HealthMetrics, type Labels } from './health-metrics.ts'
import { healthChecksKey, type HealthChecksConfig } from './options.ts'
import { OutlierGroup } from './outliers.ts'
import type { OutlierRecord } from './outlier-record.ts'
import type { PassiveHealth } from './passive-health.ts'
import { HealthState } from './health-state.ts'
import type { ProbeListener } from './prober.ts'
import type { Thresholds } from './thresholds.ts'
import type { CheckName, TrafficCheck } from './traffic-check.ts'

declare module '../../../src/index.ts' {
  interface UpstreamConfig {
    readonly healthChecks?: HealthChecksConfig
  }
}

export const config = { upstream: { healthChecks: healthChecksKey }, check: checkHealthChecks } satisfies PluginConfig

async function healthChecks (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const metrics = new HealthMetrics(app.metrics)
  const state = new HealthState(gateway)
  const gates = new WeakMap<Target, HealthGate>()
  const passives = new WeakMap<Target, PassiveHealth>()
  const probes = new WeakMap<Target, Thresholds>()

  addDrainGates(gateway)
  addDrainRoutes(gateway)
  for (const upstream of gateway.upstreams.values()) {
    const checks = upstream.config.healthChecks
    if (checks !== undefined) addHealthGates(upstream, checks)
  }

  app.metrics.onScrape(() => {
    const now = gateway.clock.now()
    metrics.reset()
    for (const { targets, lock } of gateway.upstreams.values()) locked(lock, () => { for (const target of targets) show(target, now) })
  })

  function show (target: Target, now: number): void {
    const gate = gates.get(target)
    gate?.notice(now)
    metrics.show(labels(target), {
      healthy: gate?.permits(now) ?? true,
      drained: isDrained(target, now),
      errorRate: passives.get(target)?.errorRate(now)
    })
  }

  function addHealthGates (upstream: Upstream, checks: HealthChecksConfig): void {
    upstream.panicBelow = checks.panicThreshold
    if (checks.active !== undefined) upstream.notes.push((target, _now, wallTime) => describeProbe(probes.get(target)?.lastProbe, wallTime))
    const usage = checks.active?.noTrafficInterval === undefined ? undefined : state.usage(upstream)
    const outliers = checks.outliers === undefined ? undefined : outlierChecks(upstream, checks.outliers)
    upstream.addGate(target => {
      const traffic: TrafficCheck[] = []
      if (checks.passive !== undefined) {
        const passive = state.passive(target, checks.passive)
        passives.set(target, passive)
        traffic.push(passive)
      }
      if (outliers !== undefined) traffic.push(outliers(target))
      const active = checks.active === undefined ? undefined : state.probed(target, checks.active, probeListener(target))
      if (active !== undefined) probes.set(target, active)
      const gate = new HealthGate({
        active,
        traffic,
        usage,
        failOpen: checks.whenNoneHealthy === 'fail-open',
        onChange: gateway.rehearsal ? () => {} : (check, healthy, why) => tell(target, check, healthy, why)
      })
      gates.set(target, gate)
      metrics.begin(labels(target), checks)
      return gate
    })
  }

  function outlierChecks (upstream: Upstream, options: NonNullable<HealthChecksConfig['outliers']>): (target: Target) => TrafficCheck {
    const records = new WeakMap<Target, OutlierRecord>()
    const group = new OutlierGroup({
      options,
      schedule: state.schedule(upstream, options),
      members: () => upstream.targets.filter(({ weight }) => weight > 0).flatMap(target => records.get(target) ?? []),
      onEject: (record, now) => {
        for (const target of upstream.targets) if (records.get(target) === record) ejected(target, record, now)
      }
    })
    return target => {
      const record = state.outlier(target, options)
      records.set(target, record)
      return group.check(record)
    }
  }

  function ejected (target: Target, record: OutlierRecord, now: number): void {
    if (!gateway.rehearsal) metrics.ejected(labels(target), record.reason)
    gates.get(target)?.notice(now)
  }

  function probeListener (target: Target): ProbeListener {
    return ({ passed, healthy, changed, why }) => {
      metrics.probed(labels(target), passed)
      if (!changed) return
      tell(target, 'active', healthy, why)
      if (healthy) target.recovered(gateway.clock.now())
    }
  }

  function tell (target: Target, check: CheckName, healthy: boolean, why: string | undefined): void {
    metrics.changed(labels(target), check, healthy)
    const type = healthy ? 'target-healthy' : 'target-unhealthy'
    gateway.events.emit({ type, upstream: target.upstream.name, target: target.url, check, why })
  }
}

function describeProbe (probe: Thresholds['lastProbe'], wallTime: (time: number) => number): { readonly lastProbe: object } | undefined {
  if (probe === undefined) return undefined
  const { at, passed, took, why } = probe
  return { lastProbe: { at: wallTime(at), ok: passed, ms: Number(took.toFixed(1)), ...why === undefined ? {} : { why } } }
}

function labels (target: Target): Labels {
  return { upstream: target.upstream.name, backend: target.url }
}

export default fp(healthChecks, { name: 'health-checks', fastify: '5.x', dependencies: ['metrics'] })
