/** A lock that gateways which share a folder take in turn: a file with the name of its owner. */

import { randomUUID } from 'node:crypto'
import { link, rename, rm, stat, utimes } from 'node:fs/promises'
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
  if (!await createPrivate(path, owner)) {
    if (!await isStale(path, now()) || !await removeStale(path, now()) || !await createPrivate(path, owner)) return undefined
  }
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

async function isStale (path: string, now: number): Promise<boolean> {
  try {
    return now - (await stat(path)).mtimeMs > staleAfter
  } catch {
    // It has just been given back.
    return true
  }
}

/** Of several that find the same stale lock, one removes it. A fresh one, which another has made meanwhile, is put back. */
async function removeStale (path: string, now: number): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
  try {
    if (await isStale(aside, now)) return true
    await link(aside, path).catch(() => {})
    return false
  } finally {
    await rm(aside, { force: true })
  }
}
