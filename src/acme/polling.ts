/** Reads a resource of a directory again and again until it is settled. */

import { AcmeError } from './acme-error.ts'
import type { AcmeAnswer, AcmeSession } from './acme-session.ts'

/** The first pause, in milliseconds. It grows by half each time. */
const firstPause = 250
const longestPause = 10_000
/** A directory cannot make the client wait longer between two looks. */
const longestRetryAfter = 60_000
/** After so long it is given up. */
const patience = 5 * 60_000

/**
 * Reads `url` until its status is none of `waiting`, with the pauses that the directory asks for.
 * @param what names the resource in errors
 * @throws AcmeError after five minutes
 */
export async function poll (
  session: AcmeSession,
  url: string,
  waiting: readonly string[],
  what: string
): Promise<AcmeAnswer['json']> {
  const { sleep, signal, now } = session.options
  const until = now() + patience
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const { json, retryAfter } = await session.post(url, '')
    const { status } = json
    if (typeof status !== 'string') throw new AcmeError(`${what} has no status`)
    if (!waiting.includes(status)) return json
    const wait = retryAfter === undefined ? pause : Math.min(retryAfter, longestRetryAfter)
    if (now() + wait > until) throw new AcmeError(`${what} is still ${status} after ${patience / 60_000} minutes`)
    await sleep(wait, signal)
  }
}
