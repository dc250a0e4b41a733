/** Writes the lines of data threads, each batch as a whole, so that lines of several threads never mix. */

import type { LinksToThreads } from '../contract/link.ts'
import type { LogOutput } from './log-output.ts'
import { channels, type ThreadLines } from './thread-output.ts'

/** In the control thread: writes what the data threads log to `output`. The lines of a thread keep their order. */
export function writeLinesOf (threads: LinksToThreads, output: LogOutput): void {
  const taken = new Map<number, Int32Array>()
  threads.on(channels.begin, (cell: Int32Array, thread) => { taken.set(thread, cell) })
  threads.on(channels.lines, ({ text, lines, lost }: ThreadLines, thread) => {
    if (lost > 0) output.lose(lost)
    if (lines > 0) output.write(text, lines)
    const cell = taken.get(thread)
    if (cell !== undefined) Atomics.add(cell, 0, text.length)
  })
}
