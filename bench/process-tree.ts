/** A process and all that it has started, as /proc shows them at a moment. */

import { readdirSync, readFileSync } from 'node:fs'
import { busyTicks, processTicks, residentBytes, ticksPerSecond } from './proc.ts'

/** Seconds of processor time, from some beginning. */
export interface ProcessSample {
  /** When it was read, in seconds. */
  readonly at: number
  /** What the processes have used, all threads together. */
  readonly own: number
  /** What the core has worked for whomever. */
  readonly core: number
}

/** The process and its descendants that are alive. */
export function processTree (pid: number): number[] {
  const found = [pid]
  // Grows while it is walked.
  for (const each of found) {
    for (const thread of readdirSync(`/proc/${each}/task`)) {
      for (const child of readFileSync(`/proc/${each}/task/${thread}/children`, 'utf8').split(' ')) {
        if (child !== '') found.push(Number(child))
      }
    }
  }
  return found
}

/** Processor time of a tree of processes and of the core that they are pinned to. */
export function read (pids: readonly number[], core: number): ProcessSample {
  const ticks = pids.reduce((sum, pid) => sum + processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8')), 0)
  return {
    at: performance.now() / 1000,
    own: ticks / ticksPerSecond,
    core: (busyTicks(readFileSync('/proc/stat', 'utf8'), core) ?? 0) / ticksPerSecond
  }
}

/** Share of the core that processes other than ours took between two readings. */
export function takenByOthers (before: ProcessSample, after: ProcessSample): number {
  return Math.max(0, (after.core - before.core) - (after.own - before.own)) / (after.at - before.at)
}

/** Memory of all of them in RAM, in bytes. What they share is counted once for each. */
export function memory (pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + residentBytes(readFileSync(`/proc/${pid}/status`, 'utf8')), 0)
}
