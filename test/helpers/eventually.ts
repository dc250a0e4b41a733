/** Waits for what a test cannot hear of. */

import { setImmediate } from 'node:timers/promises'

/** Looks again and again until `holds` says so; the time limit of the test ends it. */
export async function eventually (holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!await holds()) await setImmediate()
}
