/** `onedoor health`: checks whether the running gateway is ready, for health checks of containers. */

import { ask, askAdmin, type AdminAnswer } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'

/** In milliseconds. Shorter than the usual timeout of container health checks. */
const timeout = 2000

export async function health (args: Arguments, io: Io): Promise<number> {
  const { status, body } = await askReady(args, io)
  const text = typeof body === 'string' ? body.trimEnd() : JSON.stringify(body)
  ;(status === 200 ? io.stdout : io.stderr).write(`${status} ${text}\n`)
  return status === 200 ? exit.ok : exit.problem
}

/** Requests `/readyz`, or the given URL if it has a path. */
async function askReady (args: Arguments, io: Io): Promise<AdminAnswer> {
  const written = args.text('url')
  if (written === undefined) return await askAdmin({ path: '/readyz', timeout, place: 0 }, args, io)
  const url = URL.parse(written)
  if (url === null) throw new Error(`"${written}" is not a URL`)
  return await ask(url.pathname === '/' ? new URL('/readyz', url) : url, { method: 'GET', timeout })
}
