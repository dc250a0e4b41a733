/**
 * ledger: a plugin for tests that records what a gate and a hook of a user see: every exchange, and
 * every attempt that was let in and settled.
 */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Exchange } from '../../src/contract/exchange.ts'
import type { Attempt } from '../../src/contract/target.ts'
import { exchangeOf } from '../../src/exchange/exchange.ts'

/** What was seen since the test began. */
export class Ledger {
  /** By path. */
  readonly exchanges = new Map<string, Exchange>()
  /** Attempts that were let in and are not settled. */
  readonly open = new Set<number>()
  /** What must not be: reports without an entry, second reports, heads that come too late. */
  readonly wrong: string[] = []
  readonly #waiting = new Map<string, () => void>()
  #entered = 0
  #idle: (() => void)[] = []

  begin (path: string, exchange: Exchange): void {
    this.exchanges.set(path, exchange)
    this.#waiting.get(path)?.()
  }

  /** Resolves when the request for a path has come. */
  async begun (path: string): Promise<void> {
    if (!this.exchanges.has(path)) await new Promise<void>(resolve => { this.#waiting.set(path, resolve) })
  }

  enter (): number {
    this.open.add(++this.#entered)
    return this.#entered
  }

  answered (attempt: Attempt, ticket: number): void {
    if (!this.open.has(ticket)) this.wrong.push(`a head of attempt ${ticket} after it was settled as ${attempt.outcome}`)
  }

  settle (attempt: Attempt, ticket: number): void {
    if (!this.open.delete(ticket)) this.wrong.push(`attempt ${ticket} was settled once more, as ${attempt.outcome}`)
    if (this.open.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Resolves when all attempts are settled. */
  async settled (): Promise<void> {
    if (this.open.size > 0) await new Promise<void>(resolve => { this.#idle.push(resolve) })
  }
}

/** That of the process: a test file has a process of its own. */
export const ledger = new Ledger()

async function keepLedger (app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (request, _reply, done) => {
    ledger.begin(request.url, exchangeOf(request.raw))
    done()
  })
  for (const upstream of app.gateway.upstreams.values()) {
    upstream.addGate(() => ({
      name: 'ledger',
      permits: () => true,
      enter: () => ledger.enter(),
      answered: (attempt, ticket) => ledger.answered(attempt, ticket),
      settle: (attempt, ticket) => ledger.settle(attempt, ticket),
      describe: () => ({ state: 'open' })
    }))
  }
}

export default fp(keepLedger, { name: 'ledger', fastify: '5.x' })
