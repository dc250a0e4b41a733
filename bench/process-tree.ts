/** A process and all that it has started, as /proc shows them at a moment. */

import { readdirSync, readFileSync } from 'node:fs'
import { busyTicks, childTicks, processTicks, residentBytes, ticksPerSecond, type Cores } from './proc.ts'

/** Seconds of processor time, from some beginning. */
export interface ProcessSample {
  /** When it was read, in seconds. */
  readonly at: number
  /** What the processes have used, all threads together. */
  readonly own: number
  /** What the load has used on the same cores. */
  readonly load: number
  /** What the cores have worked for whomever. */
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

/**
 * Processor time of a tree of processes and of the cores that they are pinned to.
 * @param load processes of the load on the same cores; the load generators are children of this process
 */
export function read (pids: readonly number[], cores: Cores, load: readonly number[] = []): ProcessSample {
  const stat = readFileSync('/proc/stat', 'utf8')
  const busy = [cores].flat().reduce((sum, core) => sum + (busyTicks(stat, core) ?? 0), 0)
  const generators = load.length === 0 ? 0 : childTicks(readFileSync('/proc/self/stat', 'utf8'))
  return {
    at: performance.now() / 1000,
    own: ticksOf(pids) / ticksPerSecond,
    load: (ticksOf(load) + generators) / ticksPerSecond,
    core: busy / ticksPerSecond
  }
}

function ticksOf (pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8')), 0)
}

/** Share of a core that processes other than ours took between two readings. */
export function takenByOthers (before: ProcessSample, after: ProcessSample): number {
  const ours = after.own - before.own + after.load - before.load
  return Math.max(0, after.core - before.core - ours) / (after.at - before.at)
}

/** Memory of all of them in RAM, in bytes. What they share is counted once for each. */
export function memory (pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + residentBytes(readFileSync(`/proc/${pid}/status`, 'utf8')), 0)
}
