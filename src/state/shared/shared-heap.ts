/** Hands out memory that all threads share, and takes it back. Its functions are called with the lock of the directory. */

import { lineWords, pagesAt, pageWords, slabsAt, topAt, type SharedSpace } from './shared-space.ts'

/** Lines of a page in which small blocks lie; the others say which of them are in use. */
const slabHeaderLines = 16
const slabLines = pageWords / lineWords - slabHeaderLines

/** Lines of the largest block that shares a page with another one. */
const mostSmallLines = slabLines / 2

/** Seconds for which memory that was given back rests: what let go of it may still write, such as a late end of a request. */
const restSeconds = 60

/** Words of a slab page: the page before it with blocks of this size, and then a word for each block. */
const previousAt = 0
const statesAt = 2

const inUse = -1

export class SharedHeap {
  readonly #words: Int32Array
  readonly #pages: number
  readonly #firstPage: number
  readonly #seconds: () => number

  /** @param seconds a clock of all threads that never jumps; more than 0 */
  constructor ({ words, pages }: SharedSpace, seconds = (): number => process.hrtime()[0] + 1) {
    this.#words = words
    this.#pages = pages
    this.#firstPage = Math.ceil((pagesAt + 2 * pages) / pageWords)
    this.#seconds = seconds
  }

  /** Returns the address of so many lines, all 0; undefined when there is no room. */
  allocate (lines: number): number | undefined {
    if (lines > mostSmallLines) return this.#run(Math.ceil(lines * lineWords / pageWords))
    return this.#block(lines, restSeconds) ?? this.#slab(lines) ?? this.#block(lines, 0)
  }

  free (address: number, lines: number): void {
    const page = Math.floor(address / pageWords)
    const pageAt = page * pageWords
    if (address === pageAt) {
      this.#words.fill(this.#seconds(), this.#restingAt(page), this.#restingAt(page + this.#words[pagesAt + page]!))
      this.#words[pagesAt + page] = 0
    } else {
      this.#words[pageAt + statesAt + ((address - pageAt) / lineWords - slabHeaderLines) / lines] = this.#seconds()
    }
  }

  /** A free block of a page that there is. */
  #block (lines: number, rest: number): number | undefined {
    const words = this.#words
    const latest = Math.max(0, this.#seconds() - rest)
    const count = Math.floor(slabLines / lines)
    for (let page = words[slabsAt + lines]!; page !== 0; page = words[page * pageWords + previousAt]!) {
      const states = page * pageWords + statesAt
      for (let block = 0; block < count; block++) {
        const state = words[states + block]!
        if (state === inUse || state > latest) continue
        const at = page * pageWords + (slabHeaderLines + block * lines) * lineWords
        words[states + block] = inUse
        if (state !== 0) words.fill(0, at, at + lines * lineWords)
        return at
      }
    }
    return undefined
  }

  /** The first block of a new page. */
  #slab (lines: number): number | undefined {
    const at = this.#run(1)
    if (at === undefined) return undefined
    this.#words[at + previousAt] = this.#words[slabsAt + lines]!
    this.#words[slabsAt + lines] = at / pageWords
    return this.#block(lines, restSeconds)
  }

  /** So many pages in a row. */
  #run (count: number): number | undefined {
    const first = this.#findRun(count, restSeconds) ?? this.#findRun(count, 0)
    if (first === undefined) return undefined
    const words = this.#words
    words[topAt] = Math.max(words[topAt]!, first + count)
    words[pagesAt + first] = count
    for (let page = first; page < first + count; page++) {
      if (words[this.#restingAt(page)] === 0) continue
      words[this.#restingAt(page)] = 0
      words.fill(0, page * pageWords, (page + 1) * pageWords)
    }
    return first * pageWords
  }

  #findRun (count: number, rest: number): number | undefined {
    const words = this.#words
    const latest = Math.max(0, this.#seconds() - rest)
    // From there on all are free and were never used.
    const top = Math.max(words[topAt]!, this.#firstPage)
    let free = 0
    for (let page = this.#firstPage; page < top;) {
      const length = words[pagesAt + page]!
      free = length === 0 && words[this.#restingAt(page)]! <= latest ? free + 1 : 0
      page += Math.max(length, 1)
      if (free === count) return page - count
    }
    return top - free + count <= this.#pages ? top - free : undefined
  }

  /** Where it says when a page was given back; 0 for one that was never used. */
  #restingAt (page: number): number {
    return pagesAt + this.#pages + page
  }
}
