/** `GET /limits` and `POST /limits/reset?policy=NAME&key=KEY` on the admin listener. */

import { type GatewayApi, GatewayError, signatureOf } from '../../../src/index.ts'
import { nearest } from '../../../src/config/index.ts'
import type { ListBudget } from './limited-keys.ts'
import type { Reset } from './reset.ts'

/** A policy as operators see it. */
export interface ShownPolicy {
  readonly policy: string
  /** Describes it for `/limits`. */
  readonly describe: (budget: ListBudget) => Promise<object>
  readonly reset: Reset | undefined
}

/** The most limited keys of one response, and the most keys that are looked at for it. */
const longestList: ListBudget = { keys: 100, rows: 100_000 }
/** The most characters of a reason. */
const longestReason = 200

/** The policies of this generation. The first one adds the routes. */
export function shownPolicies ({ once, admin, events }: GatewayApi): ShownPolicy[] {
  return once('rate-limiting-shown', '', () => {
    const policies: ShownPolicy[] = []
    admin.get('/limits', async () => {
      const budget = { ...longestList }
      const shown: object[] = []
      for (const { describe } of policies) shown.push(await describe(budget))
      return shown
    })
    admin.post('/limits/reset', async request => {
      const { policy, key, reason } = readQuery(request.query)
      const reset = resetOf(policies, policy)
      const keys = await reset(key)
      if (keys === 0) throw notCounted(policy)
      events.emit({ type: 'limit-reset', policy, key, ...signatureOf(request), reason })
      return { policy, key, reset: keys }
    })
    return policies
  })
}

/** @throws GatewayError for a policy that is not there, or whose limit is no count */
function resetOf (policies: readonly ShownPolicy[], name: string): Reset {
  const found = policies.find(({ policy }) => policy === name)
  if (found === undefined) {
    const near = nearest(name, policies.map(({ policy }) => policy))
    const hint = near === undefined ? '' : `; did you mean ${near}?`
    throw new GatewayError('not-found', { detail: `there is no rate-limiting policy of this name in use${hint}` })
  }
  if (found.reset !== undefined) return found.reset
  throw new GatewayError('conflict', {
    detail: `the policy ${name} counts requests in progress, which cannot be reset: a place is free when a request ends`
  })
}

function notCounted (policy: string): GatewayError {
  return new GatewayError('not-found', { detail: `the policy ${policy} counts no such key; GET /limits shows those limited` })
}

/** @throws GatewayError `bad-request` */
function readQuery (query: unknown): { readonly policy: string, readonly key: string, readonly reason: string | undefined } {
  const { policy, key, reason } = query as Readonly<Record<string, unknown>>
  if (typeof policy !== 'string' || typeof key !== 'string') {
    throw badRequest('say which one: ?policy=NAME&key=KEY, as GET /limits shows them')
  }
  if (reason !== undefined && typeof reason !== 'string') throw badRequest('`reason` must be one text')
  if (reason !== undefined && reason.length > longestReason) throw badRequest(`\`reason\` may have ${longestReason} characters`)
  return { policy, key, reason: reason === '' ? undefined : reason }
}

function badRequest (detail: string): GatewayError {
  return new GatewayError('bad-request', { detail })
}
