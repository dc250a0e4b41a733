/** What all threads of a gateway see at once, without messages: which configuration serves, whether it drains, and who is alive. */

/** Positions of the words that are one for all threads. */
const [generation, draining] = [0, 1] as const

/** Where the words of the threads begin, and their number for each: a beat, and the figures. */
const threadsAt = 2
const [beat, inFlight, tunnels, connections, lingering] = [0, 1, 2, 3, 4] as const
const perThread = 5

/** Numbers of what a thread has open. */
export interface ThreadLoad {
  readonly inFlight: number
  readonly tunnels: number
  readonly connections: number
  readonly lingering: number
}

export class ThreadBoard {
  /** The memory to give to other threads. */
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array

  constructor (buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
  }

  /** @param threads the most threads, the control thread included */
  static create (threads: number): ThreadBoard {
    return new ThreadBoard(new SharedArrayBuffer((threadsAt + threads * perThread) * Int32Array.BYTES_PER_ELEMENT))
  }

  /** The number of the configuration that serves. Setting it makes every thread serve that one from its next request on. */
  get generation (): number {
    return Atomics.load(this.#words, generation)
  }

  set generation (number: number) {
    Atomics.store(this.#words, generation, number)
  }

  get draining (): boolean {
    return Atomics.load(this.#words, draining) === 1
  }

  set draining (yes: boolean) {
    Atomics.store(this.#words, draining, yes ? 1 : 0)
  }

  /** A thread shows that its event loop turns, and what it has open. */
  report (thread: number, load: ThreadLoad): void {
    const at = wordsOf(thread)
    Atomics.add(this.#words, at + beat, 1)
    Atomics.store(this.#words, at + inFlight, load.inFlight)
    Atomics.store(this.#words, at + tunnels, load.tunnels)
    Atomics.store(this.#words, at + connections, load.connections)
    Atomics.store(this.#words, at + lingering, load.lingering)
  }

  /** Changes with every report of a thread. */
  beatOf (thread: number): number {
    return Atomics.load(this.#words, wordsOf(thread) + beat)
  }

  /** What a thread had open when it last reported. */
  loadOf (thread: number): ThreadLoad {
    const at = wordsOf(thread)
    return {
      inFlight: Atomics.load(this.#words, at + inFlight),
      tunnels: Atomics.load(this.#words, at + tunnels),
      connections: Atomics.load(this.#words, at + connections),
      lingering: Atomics.load(this.#words, at + lingering)
    }
  }

  /** A thread has died: it has nothing open. */
  died (thread: number): void {
    const at = wordsOf(thread)
    for (const word of [inFlight, tunnels, connections, lingering]) Atomics.store(this.#words, at + word, 0)
  }
}

function wordsOf (thread: number): number {
  return threadsAt + thread * perThread
}
