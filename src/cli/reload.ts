/** `onedoor reload`: makes the running gateway reload its configuration. */

import { askAdmin } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'

/** In milliseconds. Plugins may be slow to start. */
const timeout = 60_000

export async function reload (args: Arguments, io: Io): Promise<number> {
  const { status, body } = await askAdmin({ path: '/reload', method: 'POST', timeout, place: 0 }, args, io)
  const { ok, problems } = verdictOf(status, body)
  if (args.has('json')) io.stdout.write(`${JSON.stringify({ ok, problems })}\n`)
  else if (ok) io.stdout.write(`${paintOf(io.stdout, io).green('ok:')} the configuration has been reloaded\n`)
  else io.stderr.write(`${problems.join('\n')}\n${paintOf(io.stderr, io).red('rejected, the old configuration stays in use')}\n`)
  return ok ? exit.ok : exit.problem
}

function verdictOf (status: number, body: unknown): { readonly ok: boolean, readonly problems: readonly string[] } {
  const { ok, problems, title } = (typeof body === 'object' && body !== null ? body : {}) as {
    ok?: unknown,
    problems?: unknown,
    title?: unknown
  }
  if (typeof ok === 'boolean' && Array.isArray(problems)) return { ok, problems: problems.map(String) }
  return { ok: false, problems: [`the gateway responded with ${status}${typeof title === 'string' ? `: ${title}` : ''}`] }
}
