/** How many files, sockets among them, this process may have open. */

import { readFileSync } from 'node:fs'

/** The limit of this process; undefined where it cannot be told, as elsewhere than on Linux. Node has raised it to the most that the system lets it have. */
export function openFilesLimit (): number | undefined {
  try {
    return readLimit(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined
  }
}

/** The limit in force in the text of `/proc/self/limits` (proc(5)); Infinity where there is none. */
export function readLimit (text: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited) /m.exec(text)?.[1]
  return soft === 'unlimited' ? Infinity : soft === undefined ? undefined : Number(soft)
}
