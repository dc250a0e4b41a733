/**
 * A constraint of find-my-way that is decided by a function for each node of the tree.
 *
 * Relies on: the router takes from the `get` of a constraint's storage a bit mask of the node's handlers, in which
 * the first handler has bit 0; with 0 it goes on with the next less specific node. Its documentation shows `get` and
 * `set`, but not what they exchange.
 * Checked with find-my-way 9.10.1.
 * Without it: no path is found, or a wrong one.
 */

/** Storage for one node of the tree that has exactly one handler. */
export interface HandlerStorage {
  /** Called once, with the value that the handler is registered with. */
  set (index: unknown): void
  /** Called at a lookup, with the value that is derived from the request. Returns the handlers that fit, as bits. */
  get (accepts: unknown): never
}

/**
 * A storage whose handler stands for the item of `items` with the index that it is registered with. The derived
 * value is a function that says whether an item fits.
 */
export function handlerStorage<T> (items: readonly T[]): HandlerStorage {
  let item: T | undefined
  return {
    set: index => { item = items[index as number] },
    get: accepts => (item !== undefined && (accepts as (item: T) => boolean)(item) ? 1 : 0) as never
  }
}
