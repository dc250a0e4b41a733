/** Which exchanges are logged, where not all of them are. */

import type { Exchange, Random } from '../../../src/index.ts'
import { statusOf } from './fields.ts'

/** Of exchanges that went well and were fast `ratio` are logged; all others always. Undefined where every one is. */
export function compileSampling (
  ratio: number,
  slowerThan: number,
  random: Random
): ((exchange: Exchange, now: number) => boolean) | undefined {
  if (ratio === 1) return undefined
  return (exchange, now) =>
    exchange.reason !== undefined || now - exchange.startedAt >= slowerThan || statusOf(exchange) >= 400 || random() < ratio
}
