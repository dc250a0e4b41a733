/** What a limit, a breaker and the memory of verified tokens cost: `node bench/micro/take.ts` */

import { compileRules, timeAlgorithms } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { takeLocally } from '../../plugins/policies/rate-limiting/local-limit.ts'
import { tableOf } from '../../test/rate-limiting/tables.ts'
import { VerifiedTokenCache } from '../../plugins/policies/jwt-auth/verified-token-cache.ts'
import { measure } from './measure.ts'

const keys = Array.from({ length: 1000 }, (_, index) => `i10.0.${index >> 8}.${index & 255}`)

for (const algorithm of timeAlgorithms) {
  const rules = compileRules(algorithm, [{ limit: 1_000_000, window: 1000 }], undefined)
  const { table } = tableOf(rules, 10_000)
  let now = 1000
  const clock = (): number => now += 0.05
  measure(`take, ${algorithm}`, index => takeLocally(table, rules, keys[index % keys.length]!, 1, clock))
}

const memory = new VerifiedTokenCache<number>(1000)
const tokens = keys.slice(0, 400).map(key => `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(key.repeat(8)).toString('base64url')}.${key}`)
for (const [index, token] of tokens.entries()) memory.set(token, index)
// As they come from the parser: new texts each time, whose hash is not yet known.
measure('a verified token, found again', index => memory.get(Buffer.from(tokens[index % tokens.length]!).toString('latin1')))
