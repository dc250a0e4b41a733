/** The identity of this gateway among others with the same name: one for all its threads, another one after each start. */

import type { Lock } from '../../../src/index.ts'

/** How many cells it takes. */
export const instanceCells = 4

/**
 * Returns the UUID (RFC 9562, version 4) that the cells contain. Draws it where they are new.
 * @param cells of all threads, 0 when they are new
 * @param draw fills with random bits
 */
export function instanceId (cells: Float64Array, lock: Lock, draw: (words: Uint32Array) => void): string {
  lock.acquire()
  try {
    // A UUID has bits that are set, so 0 means that there is no id yet.
    if (cells[1] === 0) cells.set(drawn(draw))
  } finally {
    lock.release()
  }
  const digits = Array.from(cells, word => word.toString(16).padStart(8, '0')).join('')
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-')
}

function drawn (draw: (words: Uint32Array) => void): Uint32Array {
  const words = new Uint32Array(instanceCells)
  draw(words)
  words[1] = words[1]! & 0xffff_0fff | 0x4000
  words[2] = words[2]! & 0x3fff_ffff | 0x8000_0000
  return words
}
