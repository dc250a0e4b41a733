/** An upstream whose state lies in memory that threads of a test share. */

import type { FastifyBaseLogger } from 'fastify'
import type { Config, UpstreamConfig } from '../../src/config/types.ts'
import type { Clock } from '../../src/contract/clock.ts'
import type { Holder } from '../../src/contract/holder.ts'
import type { Upstream } from '../../src/contract/upstream.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { StateMemory } from '../../src/state/state-memory.ts'
import { createUpstreams } from '../../src/upstream/upstreams.ts'
import { systemNames } from '../helpers/names.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'

/** An upstream as one thread sees it. */
export interface SharedUpstream {
  readonly upstream: Upstream
  readonly holder: Holder
  /** Stands still until a thread moves it. */
  readonly clock: Clock & { pass (milliseconds: number): void }
  /** What this thread was told. */
  readonly changes: string[]
}

/** The upstream of this name. It has one target a weight and no connections. */
export function sharedUpstream (
  memory: StateMemory,
  name: string,
  weights: readonly number[],
  keys: Partial<UpstreamConfig> = {}
): SharedUpstream {
  const holder = new Holdings(memory).hold()
  const time = holder.state({ kind: 'time', key: name, cells: [1000] })
  const clock = { now: () => time[0]!, wall: () => time[0]!, pass: (milliseconds: number) => { time[0]! += milliseconds } }
  const targets = weights.map((weight, index) => ({ url: `http://${'abcdefghij'[index]}.test`, weight }))
  const upstreams = createUpstreams({ upstreams: { [name]: upstreamConfig({ targets, ...keys }) } } as unknown as Config, {
    holder,
    clock,
    names: systemNames,
    logger: { error: (...what: unknown[]) => { throw new Error('reported', { cause: what }) } } as unknown as FastifyBaseLogger,
    rehearsal: true
  })
  return { upstream: upstreams.get(name)!, holder, clock, changes: [] }
}
