/**
 * A view of state: an object that forwards to a copy which is replaced from time to time. A plugin keeps the view. What it reads, writes or
 * calls goes to the current copy.
 */

/** Options of a view. */
export interface StateViewOptions {
  /** Returns the current copy. */
  readonly current: () => object
  /** Called before each write of a property. */
  readonly onWrite: (key: PropertyKey, value: unknown) => void
  /** Called when more than a primitive value is read: an object inside the state, or the result of a method. */
  readonly onTakenApart: () => void
}

/** Whether a value can have a view. Built-in functions accept no proxy of buffers and promises, so these have none. */
export function isViewable (state: unknown): state is object {
  return typeof state === 'object' && state !== null && !ArrayBuffer.isView(state) && !(state instanceof ArrayBuffer) &&
    !(state instanceof Promise)
}

/** Creates a view. `sample` is a state of the same type. */
export function createStateView<T extends object> (sample: T, options: StateViewOptions): T {
  // The proxy target is never read. It only decides whether the view is an array.
  return new Proxy<object>(Array.isArray(sample) ? [] : {}, new StateView(options)) as T
}

class StateView implements ProxyHandler<object> {
  readonly #options: StateViewOptions
  /** Bound methods by key, because a class with private members needs its own object as `this`. */
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
    // A proxy may report a property as non-configurable only if its target has such a property.
    return descriptor === undefined || Reflect.getOwnPropertyDescriptor(target, key)?.configurable === false ? descriptor : {
      ...descriptor,
      configurable: true
    }
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
