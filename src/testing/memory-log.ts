/** A log in memory, for tests. */

import { Writable } from 'node:stream'

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>

export interface MemoryLog {
  /** Takes JSON lines. */
  readonly stream: Writable
  /** Every line so far, parsed. */
  readonly lines: readonly LogLine[]
  /** Resolves with the first line, past or to come, that fits. */
  readonly logged: (fits: (line: LogLine) => boolean) => Promise<LogLine>
}

/** Creates an empty log. */
export function memoryLog (): MemoryLog {
  const lines: LogLine[] = []
  const waiting = new Set<(line: LogLine) => void>()
  const stream = new Writable({
    write (chunk: Buffer, _encoding, done) {
      for (const text of chunk.toString().split('\n').filter(Boolean)) {
        const line = JSON.parse(text) as LogLine
        lines.push(line)
        for (const listener of waiting) listener(line)
      }
      done()
    }
  })
  return {
    stream,
    lines,
    logged: async fits => {
      const found = lines.find(fits)
      if (found !== undefined) return found
      return await new Promise(resolve => {
        const listener = (line: LogLine): void => {
          if (!fits(line)) return
          waiting.delete(listener)
          resolve(line)
        }
        waiting.add(listener)
      })
    }
  }
}
