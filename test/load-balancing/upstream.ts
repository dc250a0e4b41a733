/** Upstreams and exchanges for tests, without sockets. */

import type { IncomingMessage } from 'node:http'
import { rootPlugins } from '../../src/gateway/app.ts'
import { composeSchema } from '../../src/config/schema/compose.ts'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { validate } from '../../src/config/check/validate.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Upstream } from '../../src/contract/upstream.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { UpstreamTarget } from '../../src/upstream/target.ts'
import { TargetGroup } from '../../src/upstream/upstream.ts'
import { localClient } from '../helpers/local-client.ts'

const defaults = validate(composeSchema(rootPlugins).upstream, { targets: [
  'http://a.test',
  'http://b.test',
  'http://c.test'
] }).value as UpstreamConfig

/** The defaults of the file, with keys of a test in their place. */
export function upstreamConfig (keys: Partial<UpstreamConfig> = {}): UpstreamConfig {
  return { ...defaults, ...keys }
}

/** An upstream, called `users` unless it has another name, with one target a weight, called `http://a.test`, `http://b.test`, … */
export function upstreamOf (weights: readonly number[], name = 'users'): Upstream {
  const upstream = new TargetGroup(name, upstreamConfig())
  upstream.setTargets(weights.map((weight, index) => targetOf(upstream, 'abcdefghij'[index]!, weight)))
  return upstream
}

/** One more target, not yet part of the upstream. */
export function targetOf (upstream: Upstream, letter: string, weight = 1, priority = 0): Target {
  return new UpstreamTarget({
    upstream,
    origin: `http://${letter}.test`,
    basePath: '',
    weight,
    config: { priority },
    load: new KeptLoad(),
    transport: undefined
  })
}

/** The letter of a target made by {@link targetOf}. */
export function letterOf (target: Target): string {
  return target.url['http://'.length]!
}

/** A GET without a body. */
export function exchange (headers: Readonly<Record<string, string>> = {}): Exchange {
  return new HttpExchange({ method: 'GET', headers, socket: {} } as IncomingMessage, 0, localClient, '127.0.0.1')
}
