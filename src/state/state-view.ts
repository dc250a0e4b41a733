/**
 * An object that stands for a copy of state which is replaced from time to time. A plugin keeps the view; what it reads, writes or calls goes to the copy
 * of the moment.
 */

/** What a view needs to know. */
export interface StateViewOptions {
  /** The copy of the moment. */
  readonly current: () => object
  /** Told of each property that is written, before it is. */
  readonly onWrite: (key: PropertyKey, value: unknown) => void
  /** Told when more than a single value is taken out: an object in it was read, or one of its methods was called. */
  readonly onTakenApart: () => void
}

/** Whether a view can stand for a value. Built-in functions that read memory or wait accept no proxy, so buffers and promises have none. */
export function isViewable (state: unknown): state is object {
  return typeof state === 'object' && state !== null && !ArrayBuffer.isView(state) && !(state instanceof ArrayBuffer) && !(state instanceof Promise)
}

/** Makes a view; `sample` is a state of the kind that it stands for. */
export function createStateView<T extends object> (sample: T, options: StateViewOptions): T {
  // What the proxy is built on is never read, and only says whether it is an array.
  return new Proxy<object>(Array.isArray(sample) ? [] : {}, new StateView(options)) as T
}

class StateView implements ProxyHandler<object> {
  readonly #options: StateViewOptions
  /** By key: a class with private members must see its own object as `this`. */
  readonly #methods = new Map<PropertyKey, (...args: unknown[]) => unknown>()

  constructor (options: StateViewOptions) {
    this.#options = options
  }

  get (_target: object, key: PropertyKey): unknown {
    const value: unknown = Reflect.get(this.#options.current(), key)
    if (typeof value === 'function' && key !== 'constructor') return this.#method(key)
    if (typeof value === 'object' && value !== null) this.#options.onTakenApart()
    return value
  }

  set (_target: object, key: PropertyKey, value: unknown): boolean {
    this.#options.onWrite(key, value)
    return Reflect.set(this.#options.current(), key, value)
  }

  has (_target: object, key: PropertyKey): boolean {
    return Reflect.has(this.#options.current(), key)
  }

  deleteProperty (_target: object, key: PropertyKey): boolean {
    return Reflect.deleteProperty(this.#options.current(), key)
  }

  ownKeys (): (string | symbol)[] {
    return Reflect.ownKeys(this.#options.current())
  }

  getPrototypeOf (): object | null {
    return Reflect.getPrototypeOf(this.#options.current())
  }

  getOwnPropertyDescriptor (target: object, key: PropertyKey): PropertyDescriptor | undefined {
    const descriptor = Reflect.getOwnPropertyDescriptor(this.#options.current(), key)
    // A proxy may only call a property fixed that is fixed in what it is built on.
    return descriptor === undefined || Reflect.getOwnPropertyDescriptor(target, key)?.configurable === false ? descriptor : { ...descriptor, configurable: true }
  }

  #method (key: PropertyKey): (...args: unknown[]) => unknown {
    let method = this.#methods.get(key)
    if (method === undefined) {
      const { current, onTakenApart } = this.#options
      method = (...args) => {
        onTakenApart()
        const state = current() as Record<PropertyKey, (...args: unknown[]) => unknown>
        return state[key]!(...args)
      }
      this.#methods.set(key, method)
    }
    return method
  }
}
