/** Attempts that a test pretends are open. */

import type { TargetLoad } from '../../src/contract/target.ts'

/** Lets attempts enter or leave until so many are open. */
export function setActive (load: TargetLoad, count: number): void {
  while (load.active < count) load.enter()
  while (load.active > count) load.leave()
}
