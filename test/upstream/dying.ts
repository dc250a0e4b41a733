/** A thread that is killed with attempts under way. See threads.test.ts. */

import { BodyBudget } from '../../src/exchange/body-budget.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { prepareRetries } from '../../src/transport/retry/retry.ts'
import type { ThreadContext } from '../helpers/threads.ts'
import { end, limiting, select, withCaps } from './shared-parts.ts'
import { sharedUpstream } from './shared-upstream.ts'

/** Takes of everything, says so, and goes on until it is killed. */
export function die ({ buffer }: { readonly buffer: SharedArrayBuffer }, context: ThreadContext): never {
  const shared = sharedUpstream(SharedMemory.attach(buffer, context.index + 1), 'dying', [1, 1], withCaps())
  const limiter = limiting(shared)
  const { budget } = prepareRetries(shared.upstream, shared.holder)
  const bodies = new BodyBudget(shared.holder.count({ kind: 'buffers', key: '' }))
  budget.begin(0)
  budget.take()
  bodies.take(1000, 1e9)
  select(shared)
  context.say(limiter.active)
  for (;;) {
    const attempt = select(shared)
    if (attempt !== undefined) end(attempt, 200, 0)
  }
}
