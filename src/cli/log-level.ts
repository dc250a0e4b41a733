/** `onedoor log-level`: shows or changes the level of the log of the running gateway. */

import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'

export async function logLevel (args: Arguments, io: Io): Promise<number> {
  const [level] = args.positionals
  const request = level === undefined
    ? { path: '/log-level' }
    : { path: `/log-level?${new URLSearchParams({ level }).toString()}`, method: 'PUT' as const }
  const state = contentOf(await askAdmin(request, args, io)) as { readonly level: string }
  io.stdout.write(args.has('json') ? `${JSON.stringify(state)}\n` : `${state.level}\n`)
  return exit.ok
}
