/** Builds a configuration without serving it, for commands that only inspect it. */

import { pino } from 'pino'
import type { GatewayControl } from '../contract/control.ts'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { PluginRoute } from '../contract/plugin-route.ts'
import { systemClock } from '../contract/clock.ts'
import { placeProblems, withWarnings, type Loaded } from '../config/load.ts'
import type { GenerationContext } from '../gateway/generation-context.ts'
import { Holdings } from '../state/holdings.ts'
import { RehearsalApp } from '../gateway/rehearsal.ts'

/** A gateway that is built and does not serve. */
export interface DryRun {
  /** With the warnings that only building finds. */
  readonly loaded: Loaded
  readonly pluginRoutes: readonly PluginRoute[]
  explain (request: RehearsalRequest): Promise<Rehearsal>
  close (): Promise<void>
}

/**
 * Builds everything but the listeners; nothing is sent.
 * @throws ConfigRefused for problems that only building can find, or the error of a plugin
 */
export async function dryRun (loaded: Loaded): Promise<DryRun> {
  const context: GenerationContext = {
    holdings: new Holdings(),
    logger: pino({ level: 'silent' }),
    clock: systemClock,
    random: Math.random,
    control: idle,
    env: process.env
  }
  const built = await RehearsalApp.build(loaded, context).catch((error: unknown) => { throw placeProblems(error, loaded) })
  return {
    loaded: withWarnings(loaded, built.host.additions.warnings),
    pluginRoutes: built.host.pluginRoutes,
    explain: async request => await built.rehearse(request),
    close: async () => await built.close()
  }
}

/** The control of a gateway that does not run. */
const idle: GatewayControl = {
  generation: 0,
  loadedAt: 0,
  draining: false,
  threads: [],
  inFlight: 0,
  tunnels: 0,
  connections: { public: { open: 0, lingering: 0, most: 0 }, admin: { open: 0, lingering: 0, most: 0 } },
  certificates: [],
  handshakes: { underWay: 0, full: 0, resumed: 0, failed: {} },
  refused: undefined,
  warnings: [],
  reloads: { ok: 0, refused: 0 },
  reload: async () => await Promise.resolve({ ok: false, problems: ['the gateway is not running'] }),
  explain: async () => await Promise.reject(new Error('the gateway is not running')),
  logLevel: 'silent',
  setLogLevel () {},
  effectiveConfig: () => undefined,
  locate: () => undefined,
  history: { records: [], serving: undefined, effective: async () => await Promise.resolve(undefined) },
  restore: async () => await Promise.resolve({ ok: false, problems: ['the gateway is not running'] })
}
