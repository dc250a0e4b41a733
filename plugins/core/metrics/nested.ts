/** A map with five keys per value, without building a combined key for every request. */

type Level<K, V> = Map<K, V>

/** Drops the values of a removed object. */
export class Nested<K extends object, V> {
  readonly #first = new WeakMap<K, Level<string, Level<number, Level<string, Level<string, V>>>>>()

  /** The value at these keys, created if missing. */
  at (key: K, method: string, status: number, error: string, scheme: string, create: () => V): V {
    const found = this.#first.get(key)?.get(method)?.get(status)?.get(error)?.get(scheme)
    if (found !== undefined) return found
    const value = create()
    level(level(level(level(this.#first, key), method), status), error).set(scheme, value)
    return value
  }
}

function level<K, L, M> (map: { get (key: K): Map<L, M> | undefined, set (key: K, value: Map<L, M>): unknown }, key: K): Map<L, M> {
  let inner = map.get(key)
  if (inner === undefined) map.set(key, inner = new Map())
  return inner
}
