/** A lock that gateways which share a folder take in turn: a file with the name of its owner. */

import { randomUUID } from 'node:crypto'
import { rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { createPrivate, readIfThere } from './private-files.ts'

/** How often the owner of a lock shows that it is alive, in milliseconds. */
const beat = 20_000
/** After so long without a sign of its owner a lock may be taken over. */
export const staleAfter = 120_000

/**
 * Takes the lock. Returns what gives it back, or undefined when another one has it.
 * @param now milliseconds since 1970; the clocks of those that share the folder may differ by less than a minute
 */
export async function takeLock (path: string, now: () => number): Promise<(() => Promise<void>) | undefined> {
  const owner = `${hostname()} ${process.pid} ${randomUUID()}`
  if (!await createPrivate(path, owner) && !await takeOver(path, owner, now)) return undefined
  const timer = setInterval(() => {
    const seconds = now() / 1000
    // A lock that is gone was taken over. The order goes on: it is too late to give it up.
    utimes(path, seconds, seconds).catch(() => {})
  }, beat).unref()
  return async () => {
    clearInterval(timer)
    if (await readIfThere(path) === owner) await rm(path, { force: true })
  }
}

/** Of several that find the same stale lock one replaces it: the others would remove the new one. */
async function takeOver (path: string, owner: string, now: () => number): Promise<boolean> {
  if (!await isStale(path, now())) return false
  const turn = `${path}.takeover`
  if (!await createPrivate(turn, owner)) {
    // One that died just here lets the next one have its turn.
    if (await isStale(turn, now())) await rm(turn, { force: true })
    return false
  }
  try {
    if (await isStale(path, now())) await rm(path, { force: true })
    return await createPrivate(path, owner)
  } finally {
    await rm(turn, { force: true })
  }
}

/** A lock that has just been released is not stale: the next gateway makes a new one. */
async function isStale (path: string, now: number): Promise<boolean> {
  try {
    return now - (await stat(path)).mtimeMs > staleAfter
  } catch {
    return false
  }
}
