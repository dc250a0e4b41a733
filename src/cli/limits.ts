/** `onedoor limits` and `onedoor reset-limit`: which clients the rate limits of the running gateway reject, and their end. */

import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { count } from './count.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'
import { table } from './table.ts'
import { UsageError } from './usage-error.ts'

interface Policy {
  readonly policy: string
  readonly keys: number
  readonly limited: readonly Limited[]
}

interface Limited {
  readonly tier?: string
  readonly key: string
  readonly left: number
  readonly retryAfterMs?: number
  readonly resetMs?: number
}

export async function limits (args: Arguments, io: Io): Promise<number> {
  const response = await askAdmin({ path: '/limits' }, args, io)
  // The route exists where the file has such a policy.
  const policies = response.status === 404 ? [] : contentOf(response) as readonly Policy[]
  if (args.has('json')) io.stdout.write(`${JSON.stringify(policies, null, 2)}\n`)
  else io.stdout.write(`${describe(policies, io).join('\n')}\n`)
  return exit.ok
}

export async function resetLimit (args: Arguments, io: Io): Promise<number> {
  const [policy, key] = args.positionals
  if (policy === undefined || key === undefined) {
    throw new UsageError('which key of which policy?', 'onedoor reset-limit POLICY KEY, as `onedoor limits` shows them')
  }
  const reason = args.text('reason')
  const query = new URLSearchParams({ policy, key, ...(reason === undefined ? {} : { reason }) })
  const request = { path: `/limits/reset?${query.toString()}`, method: 'POST' as const }
  const { reset, ...state } = contentOf(await askAdmin(request, args, io)) as { readonly reset: number }
  io.stdout.write(args.has('json') ? `${JSON.stringify({ ...state, reset })}\n` : `${count(reset, 'key')} of ${policy} reset\n`)
  return exit.ok
}

function describe (policies: readonly Policy[], io: Io): string[] {
  if (policies.length === 0) return ['no rate-limiting policy is in use']
  const rows = policies.flatMap(({ policy, limited }) => limited.map(({ tier, key, left, retryAfterMs, resetMs }) => [
    policy, tier === undefined ? key : `${key} (tier ${tier})`, String(left), seconds(retryAfterMs), seconds(resetMs)
  ]))
  const summary = policies.map(({ policy, keys, limited }) => `${policy}: ${limited.length} of ${count(keys, 'key')} limited`)
  if (rows.length === 0) return summary
  const [header, ...lines] = table([['policy', 'key', 'left', 'next in', 'reset in'], ...rows])
  return [paintOf(io.stdout, io).bold(header!), ...lines, '', ...summary]
}

function seconds (ms: number | undefined): string {
  return ms === undefined ? '' : `${Math.ceil(ms / 1000)}s`
}
