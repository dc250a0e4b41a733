/** What threads do with numbers that they share. See node-whole-doubles.test.ts. */

import type { ThreadContext } from '../helpers/threads.ts'

/** Two numbers of which both halves differ. */
export const written: readonly [number, number] = [1.1, -3.3e100]

/** Writes one number and the other in turn until the third word is set. */
export function writeInTurn (buffer: SharedArrayBuffer, { say }: ThreadContext): void {
  const numbers = new Float64Array(buffer)
  const words = new Int32Array(buffer)
  const [one, other] = written
  say('writes')
  while (Atomics.load(words, 2) === 0) {
    for (let time = 0; time < 1000; time++) numbers[0] = time % 2 === 0 ? one : other
  }
}

/**
 * Says that it is there, looks whether it is alone, and only then adds to a number; many times. Returns how often it was alone. The words:
 * the number, and whether each thread is there.
 */
export function addAlone (buffer: SharedArrayBuffer, { index }: ThreadContext): number {
  const words = new Int32Array(buffer)
  const [own, other] = [16 + 16 * index, 32 - 16 * index]
  let alone = 0
  for (let time = 0; time < 3_000_000; time++) {
    Atomics.store(words, own, 1)
    Atomics.load(words, own)
    if (words[other] === 0) {
      words[0]!++
      alone++
    }
    Atomics.store(words, own, 0)
  }
  return alone
}
