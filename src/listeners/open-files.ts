/** The limit of open files, which includes sockets. */

import { readFileSync } from 'node:fs'

/**
 * Returns the limit of this process; undefined where it is unknown, as on other systems than Linux. Node has already raised it to the hard
 * limit.
 */
export function openFilesLimit (): number | undefined {
  try {
    return readLimit(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined
  }
}

/** Reads the soft limit from the text of `/proc/self/limits` (proc(5)); Infinity where there is none. */
export function readLimit (text: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited) /m.exec(text)?.[1]
  return soft === 'unlimited' ? Infinity : soft === undefined ? undefined : Number(soft)
}
