/** The memory of state that the threads of a gateway share. */

import { LocalMemory } from '../state/local-memory.ts'
import type { StateMemory } from '../state/state-memory.ts'

export function createMemory (_threads: number): { memory: StateMemory, handed: unknown, died: (thread: number) => void } {
  return { memory: new LocalMemory(), handed: undefined, died () {} }
}

export function attachMemory (_memory: unknown, _thread: number): StateMemory {
  return new LocalMemory()
}
