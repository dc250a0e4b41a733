/** `onedoor breaker`: opens or closes the circuit breaker of a target of the running gateway. */

import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { count } from './count.ts'
import { exit, type Io } from './io.ts'
import { UsageError } from './usage-error.ts'

interface Breaker {
  readonly upstream: string
  readonly target: string
  readonly state: string
  readonly openTargets: number
  readonly until?: string
}

export async function breaker (args: Arguments, io: Io): Promise<number> {
  const [upstream, target, state] = args.positionals
  if (upstream === undefined || target === undefined || state === undefined) {
    throw new UsageError('which target, and open or closed?', 'onedoor breaker UPSTREAM TARGET open|closed')
  }
  if (state !== 'open' && state !== 'closed') throw new UsageError(`"${state}" is neither open nor closed`)
  const given = Object.fromEntries(['for', 'reason'].flatMap(name => {
    const text = args.text(name)
    return text === undefined ? [] : [[name, text]]
  }))
  const path = `/breakers?${new URLSearchParams({ upstream, target, state, ...given }).toString()}`
  const shown = contentOf(await askAdmin({ path, method: 'POST' }, args, io)) as Breaker
  io.stdout.write(`${args.has('json') ? JSON.stringify(shown) : describe(shown)}\n`)
  return exit.ok
}

function describe ({ upstream, target, state, openTargets, until }: Breaker): string {
  const time = until === undefined ? '' : ` until ${until}, then requests try the target`
  return `the breaker of ${target} is ${state}${time}; ${count(openTargets, 'open target')} in ${upstream}`
}
