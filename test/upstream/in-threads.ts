/** What threads of a test do to one upstream, all at the same time. See threads.test.ts. */

import { createLeastConnections } from '../../plugins/core/load-balancing/least-connections.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import { createWeightedRoundRobin } from '../../plugins/core/load-balancing/weighted-round-robin.ts'
import { addCapGate } from '../../plugins/core/proxying/cap.ts'
import type { Attempt } from '../../src/contract/target.ts'
import type { Balancer } from '../../src/contract/upstream.ts'
import { BodyBudget } from '../../src/exchange/body-budget.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { KeptLoad } from '../../src/upstream/target-load.ts'
import { prepareRetries } from '../../src/transport/retry/retry.ts'
import { Barrier } from '../helpers/barrier.ts'
import { seeded } from '../load-balancing/seeded.ts'
import { sharedUpstream } from './shared-upstream.ts'
import { breaking, end, judging, limiting, places, select, withBudget, withCaps } from './shared-parts.ts'

/** What the test hands to its threads. */
export interface Given {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array
  readonly threads: number
  readonly times: number
}

/** How often a breaker is half-open. */
export const rounds = 30

interface Context {
  readonly index: number
}

/** An open breaker whose time is over, again and again: each round, fifty requests of all threads want to pass. */
function halfOpen ({ buffer, words, threads }: Given, { index }: Context): { readonly admitted: number[], readonly changes: string[] } {
  const shared = sharedUpstream(SharedMemory.attach(buffer, index + 1), 'breaking', [1])
  const barrier = new Barrier(words, threads)
  breaking(shared)
  const admitted: number[] = []
  for (let round = 0; round < rounds; round++) {
    barrier.wait()
    const attempts = Array.from({ length: Math.ceil(50 / threads) }, () => select(shared)).filter(attempt => attempt !== undefined)
    admitted.push(attempts.length)
    barrier.wait()
    for (const attempt of attempts) end(attempt, 503, shared.clock.now())
    barrier.wait()
    if (index === 0) shared.clock.pass(100)
  }
  return { admitted, changes: shared.changes }
}

/** Failures of all threads at one closed breaker. */
function openOnce ({ buffer }: Given, { index }: Context): { readonly changes: string[], readonly passed: number } {
  const shared = sharedUpstream(SharedMemory.attach(buffer, index + 1), 'opening', [1])
  breaking(shared)
  let passed = 0
  for (let count = 0; count < 50; count++) {
    const attempt = select(shared)
    if (attempt === undefined) continue
    passed++
    end(attempt, 503, shared.clock.now())
  }
  return { changes: shared.changes, passed }
}

const balancers = { 'round-robin': createRoundRobin, 'weighted-round-robin': createWeightedRoundRobin }

/** Turns of all threads. Returns how often each target was picked. */
function takeTurns ({ buffer, times }: Given, { index }: Context): Record<string, number[]> {
  const memory = SharedMemory.attach(buffer, index + 1)
  return Object.fromEntries(Object.entries(balancers).map(([name, create]) => {
    const shared = sharedUpstream(memory, name, name === 'round-robin' ? [1, 1, 1] : [3, 2, 1])
    const { upstream, holder } = shared
    upstream.balancer = create({ upstream, holder, random: () => 0, options: {} })
    const picks = upstream.targets.map(() => 0)
    for (let turn = 0; turn < times; turn++) picks[upstream.targets.indexOf(select(shared)!.target)]!++
    return [name, picks]
  }))
}

/** Attempts that begin and end, with caps and least connections. Returns what must never be, and how much there was. */
function fill ({ buffer, times }: Given, { index }: Context): {
  readonly above: number, readonly notLeast: number, readonly most: number, readonly refused: number
} {
  const shared = sharedUpstream(SharedMemory.attach(buffer, index + 1), 'filling', [1, 1, 1], withCaps())
  const { upstream, holder, clock } = shared
  const random = seeded(index)
  addCapGate(upstream, { count: 1 })
  const result = { above: 0, notLeast: 0, most: 0, refused: 0 }
  const least = createLeastConnections({ upstream, holder, random, options: {} })
  upstream.balancer = {
    pick (open, exchange, now) {
      const picked = least.pick(open, exchange, now)
      if (open.some(({ load }) => load.active < picked.load.active)) result.notLeast++
      return picked
    }
  } satisfies Balancer
  const open: Attempt[] = []
  for (let step = 0; step < times; step++) {
    if (random() < 0.55) {
      const attempt = select(shared)
      if (attempt === undefined) result.refused++
      else open.push(attempt)
      for (const { load } of upstream.targets) {
        if (load.active > places) result.above++
        result.most = Math.max(result.most, load.active)
      }
    } else if (open.length > 0) {
      end(open.splice(Math.floor(random() * open.length), 1)[0]!, 200, clock.now())
    }
  }
  for (const attempt of open) end(attempt, 200, clock.now())
  return result
}

/** Attempts at an upstream with a limit of concurrency. */
function crowd ({ buffer, times }: Given, { index }: Context): { readonly most: number, readonly refused: number } {
  const shared = sharedUpstream(SharedMemory.attach(buffer, index + 1), 'crowded', [1, 1])
  const limiter = limiting(shared)
  const random = seeded(index)
  const open: Attempt[] = []
  let [most, refused] = [0, 0]
  for (let step = 0; step < times; step++) {
    if (random() < 0.55) {
      const attempt = select(shared)
      if (attempt === undefined) refused++
      else open.push(attempt)
      most = Math.max(most, limiter.active)
    } else if (open.length > 0) end(open.shift()!, 200, shared.clock.now())
  }
  for (const attempt of open) end(attempt, 200, shared.clock.now())
  return { most, refused }
}

/** Attempts whose outcomes are counted by what judges targets. */
function judge ({ buffer, times }: Given, { index }: Context): void {
  const shared = sharedUpstream(SharedMemory.attach(buffer, index + 1), 'judged', [1, 1])
  judging(shared)
  for (let step = 0; step < times; step++) {
    const attempt = select(shared)!
    const load = attempt.target.load as KeptLoad
    load.connected()
    end(attempt, step % 4 === 0 ? 503 : 200, shared.clock.now())
  }
}

/** Extra attempts: with tokens of first ones, and with a floor. */
function repeat ({ buffer, times }: Given, { index }: Context): {
  readonly granted: number, readonly most: number
} {
  const memory = SharedMemory.attach(buffer, index + 1)
  const saving = sharedUpstream(memory, 'saving', [1], withBudget(0.2, 0))
  const quiet = sharedUpstream(memory, 'quiet', [1], withBudget(0, 3))
  const [tokens, floor] = [saving, quiet].map(({ upstream, holder }) => prepareRetries(upstream, holder).budget)
  let [granted, most] = [0, 0]
  for (let step = 0; step < times; step++) {
    tokens!.begin(0)
    if (tokens!.take()) granted++
    const taken = Array.from({ length: 4 }, () => floor!.take())
    most = Math.max(most, floor!.state.extra)
    for (const one of taken) if (one) floor!.release()
    tokens!.end()
  }
  return { granted, most }
}

/** Bytes of bodies: `words` has what is granted, which is part of what is held. */
function hold ({ buffer, words, times }: Given, { index }: Context): { readonly above: number } {
  const { holder } = sharedUpstream(SharedMemory.attach(buffer, index + 1), 'holding', [1])
  const budget = new BodyBudget(holder.count({ kind: 'buffers', key: '' }))
  const random = seeded(index)
  let above = 0
  for (let step = 0; step < times; step++) {
    const bytes = 1 + Math.floor(random() * 60)
    if (!budget.take(bytes, 100)) continue
    if (Atomics.add(words, 2, bytes) + bytes > 100) above++
    Atomics.sub(words, 2, bytes)
    budget.give(bytes)
  }
  return { above }
}

/** Everything but the deaths, one after the other. */
export function all (given: Given, context: Context): Results {
  const barrier = new Barrier(given.words, given.threads)
  const begin = <T>(one: (given: Given, context: Context) => T): T => {
    barrier.wait()
    return one(given, context)
  }
  return {
    halfOpen: begin(halfOpen),
    openOnce: begin(openOnce),
    takeTurns: begin(takeTurns),
    fill: begin(fill),
    crowd: begin(crowd),
    judge: begin(judge),
    repeat: begin(repeat),
    hold: begin(hold)
  }
}

export interface Results {
  readonly halfOpen: ReturnType<typeof halfOpen>
  readonly openOnce: ReturnType<typeof openOnce>
  readonly takeTurns: ReturnType<typeof takeTurns>
  readonly fill: ReturnType<typeof fill>
  readonly crowd: ReturnType<typeof crowd>
  readonly judge: ReturnType<typeof judge>
  readonly repeat: ReturnType<typeof repeat>
  readonly hold: ReturnType<typeof hold>
}
