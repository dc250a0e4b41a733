/** How many threads serve clients on this machine. */

import { availableParallelism, totalmem } from 'node:os'
import type { Config } from '../config/types.ts'
import { wholeDoubles } from '../internals/node-whole-doubles.ts'

/** What a machine, or the container in which the process runs, gives it. */
export interface Machine {
  /** Cores that the process may use at once. */
  readonly cores: number
  /** Bytes of memory. */
  readonly memory: number
  readonly platform: NodeJS.Platform
}

export interface ThreadWish extends Machine {
  /** `server.threads` */
  readonly wanted: 'auto' | number
  /** Whether there is a listener with a port: threads cannot share a Unix socket. */
  readonly ports: boolean
}

export interface ThreadCount {
  readonly count: number
  /** Why there are so many, to follow their number, such as `for 2 cores`. */
  readonly why: string
}

const mebibyte = 2 ** 20

/** Memory of the process and its control thread. */
const processMemory = 192 * mebibyte
/** Memory of a thread under load with everything on, without the bodies that it holds: 172 were measured, and 100 at rest. */
const threadMemory = 192 * mebibyte

/** Systems that spread the connections of a port over the threads that listen on it. */
const sharing: readonly NodeJS.Platform[] = ['linux', 'freebsd']

/**
 * The number of threads that serve clients, and the reason. `auto` is one for each core, and no more than memory allows; a number is taken
 * as it is. It is 1 where threads could not share a listener.
 */
export function threadCount ({ wanted, cores, memory, platform, ports }: ThreadWish): ThreadCount {
  if (!sharing.includes(platform)) return { count: 1, why: `because threads cannot share a port on ${platform}` }
  if (!ports) return { count: 1, why: 'because threads cannot share a Unix socket' }
  if (wanted !== 'auto') return { count: wanted, why: 'as server.threads says' }
  const fitting = Math.max(1, Math.floor((memory - processMemory) / threadMemory))
  if (fitting >= cores) return { count: cores, why: cores === 1 ? 'for 1 core' : `for ${cores} cores` }
  return { count: fitting, why: `because ${Math.floor(memory / mebibyte)} MiB of memory allow no more` }
}

/** How many threads serve the clients of a configuration on this machine. */
export function threadsOf ({ server: { threads }, listeners }: Pick<Config, 'server' | 'listeners'>): ThreadCount {
  if (!wholeDoubles) return { count: 1, why: `because threads cannot share numbers on ${process.arch}` }
  return threadCount({ ...thisMachine(), wanted: threads, ports: listeners.some(({ port }) => port !== undefined) })
}

/** The machine of this process: cores and memory within the limits of its container. */
export function thisMachine (): Machine {
  const constrained = process.constrainedMemory()
  // Without a limit it is 0, or more than the machine has.
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return { cores: availableParallelism(), memory, platform: process.platform }
}
