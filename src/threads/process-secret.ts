/** A random secret that is the same in all threads of the process, and never leaves it. */

import { randomBytes } from 'node:crypto'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

/** Returns the 32 bytes of a name. Threads have those that the main thread has made before it started them. */
export function processSecret (name: string): Buffer {
  const known = getEnvironmentData(name) as unknown as Uint8Array | undefined
  if (known !== undefined) return Buffer.from(known)
  const secret = randomBytes(32)
  setEnvironmentData(name, secret)
  return secret
}
