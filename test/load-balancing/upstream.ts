/** Upstreams and exchanges for tests, without sockets. */

import type { IncomingMessage } from 'node:http'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { Exchange } from '../../src/upstream/exchange.ts'
import { Target } from '../../src/upstream/target.ts'
import { Upstream } from '../../src/upstream/upstream.ts'

/** The defaults of the file, with keys of a test in their place. */
export function upstreamConfig (keys: Partial<UpstreamConfig> = {}): UpstreamConfig {
  return {
    targets: ['http://a.test', 'http://b.test', 'http://c.test'],
    timeouts: { connect: 5000, response: 30_000, idle: 60_000, total: 35_000 },
    retry: { attempts: 2, on: ['connect', 'reset'] },
    tls: { verify: true },
    connections: { max: 1024, pending: 1024, keepAlive: 55_000 },
    balance: 'round-robin',
    host: 'target',
    forwarded: true,
    ...keys
  }
}

/** An upstream called `users`, with one target a weight, called `http://a.test`, `http://b.test`, … */
export function upstreamOf (weights: readonly number[]): Upstream {
  const upstream = new Upstream('users', upstreamConfig())
  upstream.setTargets(weights.map((weight, index) => targetOf(upstream, 'abcdefghij'[index]!, weight)))
  return upstream
}

/** One more target, not yet part of the upstream. */
export function targetOf (upstream: Upstream, letter: string, weight = 1): Target {
  return new Target({ upstream, origin: `http://${letter}.test`, basePath: '', weight, config: {}, load: { active: 0, openedAt: -Infinity, closed: false }, dispatcher: undefined })
}

/** The letter of a target made by {@link targetOf}. */
export function letterOf (target: Target): string {
  return target.url['http://'.length]!
}

/** A GET without a body. */
export function exchange (): Exchange {
  return new Exchange({ method: 'GET', headers: {}, socket: {} } as IncomingMessage, 0, '127.0.0.1', '127.0.0.1')
}
