/** Locks of all threads: words of shared memory. What a thread had when it died can be taken over. */

import { existsSync, readlinkSync } from 'node:fs'

/** Set in a word while threads may wait for it. */
const waited = 1 << 30

/** Tries before a thread sleeps. All that is done with a lock is short: the other core has mostly let go by then. */
const tries = 200

/** Milliseconds after which a thread that waits looks whether the other one lives. */
const patience = 10

/** Milliseconds after which waiting is an error and not a wait: an event loop must not stand still for ever. */
const longestWait = 30_000

/** A thread as others see it. */
const wordsOfThread = 2

export class LockWords {
  readonly #words: Int32Array
  readonly #threadsAt: number
  /** This thread in this life: a thread that replaces a dead one has its number, but not its locks. */
  readonly #token: number

  /**
   * @param threadsAt where the threads are: two words each, its token and its number in the system
   * @param incarnation how many threads have been there, this one included
   */
  constructor (words: Int32Array, threadsAt: number, thread: number, incarnation: number) {
    this.#words = words
    this.#threadsAt = threadsAt
    this.#token = (incarnation & 0x3f_ffff) << 8 | thread
    Atomics.store(words, threadsAt + thread * wordsOfThread + 1, systemThread())
    Atomics.store(words, threadsAt + thread * wordsOfThread, this.#token)
  }

  /**
   * Waits until no other thread has the lock. Returns whether one had died with it, so that what it guards may be half done.
   * @throws when this thread has it already, and after half a minute
   */
  acquire (at: number): boolean {
    return Atomics.compareExchange(this.#words, at, 0, this.#token) === 0 ? false : this.#wait(at)
  }

  /** Acquires the lock unless another thread has it. */
  tryAcquire (at: number): boolean {
    return Atomics.compareExchange(this.#words, at, 0, this.#token) === 0
  }

  release (at: number): void {
    if ((Atomics.exchange(this.#words, at, 0) & waited) !== 0) Atomics.notify(this.#words, at, 1)
  }

  /** The thread has ended: what it had may be taken. */
  died (thread: number): void {
    Atomics.store(this.#words, this.#threadsAt + thread * wordsOfThread, 0)
  }

  #wait (at: number): boolean {
    const words = this.#words
    for (let left = tries; left > 0; left--) {
      if (Atomics.load(words, at) === 0 && this.tryAcquire(at)) return false
    }
    // From here on this thread may not be the only one that waits, so it keeps the mark.
    const own = this.#token | waited
    for (const end = performance.now() + longestWait; ;) {
      const word = Atomics.load(words, at)
      const owner = word & ~waited
      if (owner === this.#token) throw new Error('this thread has the lock already')
      const dead = owner !== 0 && this.#isDead(owner)
      if (owner === 0 || dead) {
        if (Atomics.compareExchange(words, at, word, own) === word) return dead
      } else if (performance.now() > end) {
        throw new Error(`thread ${owner & 0xff} has not let go of a lock for ${longestWait / 1000} seconds`)
      } else if (word === owner && Atomics.compareExchange(words, at, word, word | waited) !== word) {
        continue
      } else {
        Atomics.wait(words, at, owner | waited, patience)
      }
    }
  }

  /** The control thread might learn it only after it has the lock, so the system is asked as well. */
  #isDead (token: number): boolean {
    const at = this.#threadsAt + (token & 0xff) * wordsOfThread
    if (Atomics.load(this.#words, at) !== token) return true
    const system = Atomics.load(this.#words, at + 1)
    return system !== 0 && !existsSync(`/proc/self/task/${system}`) && Atomics.load(this.#words, at) === token
  }
}

/** The number of this thread in the system; 0 where there is no way to tell. */
function systemThread (): number {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? 0)
  } catch {
    return 0
  }
}
