/** `onedoor drain` and `onedoor undrain`: keep requests of the running gateway away from a target, and let them come back. */

import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'
import { count } from './count.ts'
import { UsageError } from './usage-error.ts'

interface Drained {
  readonly upstream: string
  readonly target: string
  readonly active: number
  readonly openTargets: number
  readonly until?: string
}

export async function drain (args: Arguments, io: Io): Promise<number> {
  const query: Record<string, string> = { ...reasonOf(args), ...args.has('force') ? { force: 'true' } : {} }
  const time = args.text('for')
  if (time !== undefined) query['for'] = time
  return await change('drain', query, args, io)
}

export async function undrain (args: Arguments, io: Io): Promise<number> {
  return await change('undrain', reasonOf(args), args, io)
}

async function change (verb: 'drain' | 'undrain', query: Readonly<Record<string, string>>, args: Arguments, io: Io): Promise<number> {
  const [upstream, target] = args.positionals
  if (upstream === undefined || target === undefined) {
    throw new UsageError('which target?', `onedoor ${verb} UPSTREAM TARGET, as \`onedoor upstreams\` shows them`)
  }
  const path = `/upstreams/${encodeURIComponent(upstream)}/${verb}?${new URLSearchParams({ target, ...query }).toString()}`
  const state = contentOf(await askAdmin({ path, method: 'POST' }, args, io)) as Drained
  if (args.has('json')) io.stdout.write(`${JSON.stringify(state)}\n`)
  else io.stdout.write(`${describe(verb, state)}\n`)
  return exit.ok
}

function reasonOf (args: Arguments): Record<string, string> {
  const reason = args.text('reason')
  return reason === undefined ? {} : { reason }
}

function describe (verb: 'drain' | 'undrain', { upstream, target, active, openTargets, until }: Drained): string {
  const left = `${count(openTargets, 'open target')} in ${upstream}`
  if (verb === 'undrain') return `${target} gets requests again; ${left}`
  return `${target} gets no new requests${until === undefined ? '' : ` until ${until}`}; ${active} under way; ${left}`
}
