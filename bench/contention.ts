/**
 * `node bench/contention.ts --cost 60 --held 1`: what threads lose by waiting for the lock of one upstream, from what was measured: the
 * microseconds that a request takes, and those for which it holds the lock. All requests are for this upstream.
 */

import { parseArgs } from 'node:util'
import { table } from './table.ts'

/**
 * Microseconds of a request in a closed system of threads that each work, then hold the lock (mean value analysis). It takes the time for
 * which the lock is held as random; in truth it is nearly constant, and threads wait less.
 */
export function costOf (threads: number, { cost, held }: { readonly cost: number, readonly held: number }): number {
  let waiting = 0
  let each = cost
  for (let count = 1; count <= threads; count++) {
    const atLock = held * (1 + waiting)
    each = cost - held + atLock
    waiting = count / each * atLock
  }
  return each
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { cost: { type: 'string' }, held: { type: 'string' } } })
  const [cost, held] = [Number(values.cost), Number(values.held)]
  if (!(cost > held && held > 0)) throw new TypeError('--cost and --held take microseconds, more than 0 and --cost more than --held')
  const rows = [1, 2, 4, 8, 16, 32, 64].map(threads => {
    const each = costOf(threads, { cost, held })
    return [String(threads), each.toFixed(2), (each / cost).toFixed(3), Math.round(threads / each * 1e6).toLocaleString('en')]
  })
  console.log(table(['threads', 'µs each', '× one thread', 'requests/s'], rows))
}
