/** Health checks: `upstreams.*.healthChecks` takes sick targets out of rotation, by asking them and by watching the traffic. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { PluginConfig, Report } from '../../src/api.ts'
import { child } from '../../src/config/pointer.ts'
import type { Config } from '../../src/config/types.ts'
import { formatDuration } from '../../src/config/units.ts'
import type { Target } from '../../src/upstream/target.ts'
import { HealthGate, type PassiveListener } from './health-gate.ts'
import { healthChecksKey, type ActiveConfig, type HealthChecksConfig } from './options.ts'
import { PassiveHealth, type PassiveOptions } from './passive-health.ts'
import { Prober, type ProbeListener } from './prober.ts'
import { statusSet } from '../../src/config/status-set.ts'
import type { Thresholds } from './thresholds.ts'

declare module '../../src/config/types.ts' {
  interface UpstreamConfig {
    readonly healthChecks?: HealthChecksConfig
  }
}

export const config = { upstream: { healthChecks: healthChecksKey }, check: checkHealthChecks } satisfies PluginConfig

async function healthChecks (app: FastifyInstance): Promise<void> {
  const { gateway, metrics, log } = app
  const healthy = metrics.gauge({ name: 'gateway_backend_healthy', help: 'Whether a target counts as healthy: 1 yes or not known, 0 no.', labelNames: ['upstream', 'backend'] })
  const probes = metrics.counter({ name: 'gateway_health_checks_total', help: 'Probes of targets by result.', labelNames: ['upstream', 'backend', 'result'] })

  for (const upstream of gateway.upstreams.values()) {
    const checks = upstream.config.healthChecks
    if (checks !== undefined) upstream.addGate(target => createGate(target, checks))
  }

  metrics.onScrape(() => {
    const now = gateway.clock.now()
    // Targets that a reload took away must not stay behind.
    healthy.reset()
    for (const { targets } of gateway.upstreams.values()) {
      for (const target of targets) healthy.set(labels(target), isHealthy(target, now) ? 1 : 0)
    }
  })

  function createGate (target: Target, { active, passive, whenNoneHealthy }: HealthChecksConfig): HealthGate {
    return new HealthGate({
      active: active === undefined ? undefined : takeActive(target, active),
      passive: passive === undefined ? undefined : takePassive(target, passive),
      failOpen: whenNoneHealthy === 'fail-open',
      onPassiveChange: gateway.rehearsal ? () => {} : passiveListener(target)
    })
  }

  function takeActive (target: Target, active: ActiveConfig): Thresholds {
    const { tls } = target.upstream.config
    const prober = gateway.leases.take({
      kind: 'health-probes',
      key: `${target.upstream.name} ${target.url}`,
      options: { active, tls },
      create: () => {
        const created = new Prober({
          probe: { url: target.url + active.path, method: active.method, timeout: active.timeout, tls, isHealthy: statusSet(active.statuses) },
          thresholds: active,
          interval: active.interval,
          random: gateway.random
        })
        return gateway.rehearsal ? created : created.start()
      },
      fork: running => running.copy(),
      close: running => running.stop()
    })
    if (!gateway.rehearsal) prober.listener = probeListener(target)
    return prober.thresholds
  }

  function takePassive (target: Target, options: PassiveOptions): PassiveHealth {
    return gateway.leases.take({
      kind: 'passive-health',
      key: `${target.upstream.name} ${target.url}`,
      options,
      create: () => new PassiveHealth(options),
      fork: health => health.copy()
    })
  }

  function probeListener (target: Target): ProbeListener {
    const { upstream, backend } = labels(target)
    for (const result of ['success', 'failure']) probes.inc({ upstream, backend, result }, 0)
    return ({ passed, healthy: nowHealthy, changed, why }) => {
      probes.inc({ upstream, backend, result: passed ? 'success' : 'failure' })
      if (changed) tell(target, 'active', nowHealthy, why)
    }
  }

  function passiveListener (target: Target): PassiveListener {
    return (nowHealthy, why) => tell(target, 'passive', nowHealthy, why)
  }

  function tell (target: Target, check: 'active' | 'passive', nowHealthy: boolean, why: string | undefined): void {
    const entry = { upstream: target.upstream.name, target: target.url, check, why }
    if (nowHealthy) log.info(entry, 'target healthy')
    else log.warn(entry, 'target unhealthy')
  }
}

function isHealthy (target: Target, now: number): boolean {
  return target.gates.every(gate => !(gate instanceof HealthGate) || gate.permits(now))
}

function labels (target: Target): { upstream: string, backend: string } {
  return { upstream: target.upstream.name, backend: target.url }
}

function checkHealthChecks ({ upstreams }: Config, report: Report): void {
  for (const [name, { healthChecks }] of Object.entries(upstreams)) {
    if (healthChecks === undefined) continue
    const pointer = child(child('/upstreams', name), 'healthChecks')
    const { active, passive } = healthChecks
    if (active === undefined && passive === undefined) {
      report({ pointer, at: 'key', severity: 'warning', message: 'healthChecks has neither `active` nor `passive`, so nothing is checked', hint: '`active: {}` takes the defaults' })
    }
    // A probe that may last longer than the pause to the next would stretch the interval that the file promises.
    if (active !== undefined && active.timeout >= active.interval) {
      report({ pointer: `${pointer}/active/timeout`, message: `must be shorter than the interval (${formatDuration(active.interval)}), got ${formatDuration(active.timeout)}` })
    }
  }
}

export default fp(healthChecks, { name: 'health-checks', fastify: '5.x', dependencies: ['metrics'] })
