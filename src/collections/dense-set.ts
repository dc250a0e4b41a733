/**
 * Things that come and go by the thousand each second, such as open answers. A Set would do but for its memory: it copies itself every time as many
 * were added as it has room for, and the copies it leaves behind keep what stood in them alive until the next full collection (measured: half of
 * all requests survived, and collecting them cost a third of the time of a request).
 */

const place: unique symbol = Symbol('onedoor.place')

type Placed = { [place]?: number }

export class DenseSet<T extends object> {
  readonly #items: T[] = []

  get size (): number {
    return this.#items.length
  }

  /** Adds what is not in it, nor in another roster. */
  add (item: T): void {
    (item as Placed)[place] = this.#items.length
    this.#items.push(item)
  }

  /** Takes out what is in it. The last one moves to its place. */
  delete (item: T): void {
    const last = this.#items.pop()!
    if (last === item) return
    const index = (item as Placed)[place]!
    this.#items[index] = last
    ;(last as Placed)[place] = index
  }

  [Symbol.iterator] (): Iterator<T> {
    return this.#items[Symbol.iterator]()
  }
}
