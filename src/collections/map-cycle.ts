/** Visits the entries of a Map one by one, in a cycle, so that a large table can be swept in small steps. */

export class MapCycle<V> {
  readonly #map: ReadonlyMap<string, V>
  /** A Map's iterator remains valid while entries are added and deleted. */
  #cursor: Iterator<[string, V]>

  constructor (map: ReadonlyMap<string, V>) {
    this.#map = map
    this.#cursor = map.entries()
  }

  /** Returns the next entry, which the caller may delete; undefined for an empty map. */
  next (): [key: string, value: V] | undefined {
    let next = this.#cursor.next()
    if (next.done === true) {
      this.#cursor = this.#map.entries()
      next = this.#cursor.next()
    }
    return next.done === true ? undefined : next.value
  }
}
