/** `onedoor maintenance`: shows or switches the maintenance of the running gateway. */

import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'
import { UsageError } from './usage-error.ts'

interface State {
  readonly on: boolean
  readonly configured: boolean
}

export async function maintenance (args: Arguments, io: Io): Promise<number> {
  const [wanted] = args.positionals
  if (wanted !== undefined && wanted !== 'on' && wanted !== 'off') throw new UsageError(`"${wanted}" is neither on nor off`)
  const reason = args.text('reason')
  const query = new URLSearchParams({ on: String(wanted === 'on'), ...(reason === undefined ? {} : { reason }) })
  const request = wanted === undefined
    ? { path: '/maintenance' }
    : { path: `/maintenance?${query.toString()}`, method: 'PUT' as const }
  const state = contentOf(await askAdmin(request, args, io)) as State
  io.stdout.write(`${args.has('json') ? JSON.stringify(state) : describe(state)}\n`)
  return wanted === 'off' && state.on ? exit.problem : exit.ok
}

function describe ({ on, configured }: State): string {
  if (!on) return 'maintenance is off'
  return configured ? 'maintenance is on, by server.maintenance of the configuration' : 'maintenance is on'
}
