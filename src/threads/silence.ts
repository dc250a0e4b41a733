/** Finds threads whose event loop does not turn. Time is counted in looks, so that a pause of the whole process blames no thread. */

/** A thread that has fallen silent, or is heard again. */
export interface Silence {
  readonly thread: number
  readonly silent: boolean
}

export class SilenceWatch {
  readonly #beats = new Map<number, { beat: number, looks: number }>()

  /**
   * Looks at all threads.
   * @param beats a number that changes while the event loop of the thread turns, by thread
   * @param looks how many looks without a change make a silence
   */
  look (beats: ReadonlyMap<number, number>, looks: number): Silence[] {
    const changes: Silence[] = []
    for (const thread of this.#beats.keys()) if (!beats.has(thread)) this.#beats.delete(thread)
    for (const [thread, beat] of beats) {
      const known = this.#beats.get(thread)
      if (known === undefined || known.beat !== beat) {
        if (known !== undefined && known.looks >= looks) changes.push({ thread, silent: false })
        this.#beats.set(thread, { beat, looks: 0 })
      } else if (++known.looks === looks) {
        changes.push({ thread, silent: true })
      }
    }
    return changes
  }

  /** Whether a thread is silent. */
  isSilent (thread: number, looks: number): boolean {
    return (this.#beats.get(thread)?.looks ?? 0) >= looks
  }
}
