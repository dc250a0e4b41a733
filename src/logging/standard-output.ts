/** Standard output of the process: lines in order, all of one turn of the event loop in one write. */

import { writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/** Its number. */
export const stdout = 1

let output: DestinationStream | undefined

/** The one stream to it, however many logs there are. */
export function standardOutput (): DestinationStream {
  return output ??= batchedStream()
}

function batchedStream (): DestinationStream & { flushSync (): void } {
  let waiting = ''
  const flushSync = (): void => {
    const lines = Buffer.from(waiting)
    waiting = ''
    writeAll(lines)
  }
  process.once('exit', flushSync)
  return {
    write (line) {
      if (waiting === '') setImmediate(flushSync)
      waiting += line
    },
    flushSync
  }
}

/** What cannot be written, because nobody reads any more or the disk is full, is dropped: no reason for a gateway to stop. */
function writeAll (bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(stdout, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      // The other end of a pipe has set it not to block, and is slow.
      Atomics.wait(sleeper, 0, 0, 1)
    }
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))
