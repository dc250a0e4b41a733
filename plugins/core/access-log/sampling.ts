/** Which exchanges are logged, where not all of them are. */

import { answerStatus, type Exchange, type Random } from '../../../src/index.ts'

/** Of exchanges that went well and were fast `ratio` are logged; all others always. Undefined where every one is. */
export function compileSampling (
  ratio: number,
  slowerThan: number,
  random: Random
): ((exchange: Exchange, now: number) => boolean) | undefined {
  if (ratio === 1) return undefined
  return (exchange, now) =>
    exchange.reason !== undefined || now - exchange.startedAt >= slowerThan || answerStatus(exchange) >= 400 || random() < ratio
}
