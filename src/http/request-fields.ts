/** The header fields of a request: the one place where they are read line by line, set and dropped. */

import type { IncomingHttpHeaders } from 'node:http'

/** Fields as they came, `[name, value, …]`, and what Node has made of them, by lower-case name. */
export interface FieldSource {
  readonly rawHeaders: string[]
  readonly headers: IncomingHttpHeaders
}

/** All names are in lower case. Changes show in both forms of the source. */
export class RequestFields {
  readonly #source: FieldSource

  constructor (source: FieldSource) {
    this.#source = source
  }

  /** The fields as they came, `[name, value, …]`: their order, repeats and case are those of the client. */
  get list (): readonly string[] {
    return this.#source.rawHeaders
  }

  /**
   * The value of a field that may occur once: undefined where it is absent, null where it is repeated, because two readers could then see
   * different values. Node shows only the first of several for some fields.
   */
  only (name: string): string | null | undefined {
    const { rawHeaders } = this.#source
    let value: string | undefined
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]!.length !== name.length || rawHeaders[i]!.toLowerCase() !== name) continue
      if (value !== undefined) return null
      value = rawHeaders[i + 1]!
    }
    return value
  }

  /** The values of all fields of this name, in order. */
  values (name: string): string[] {
    const { rawHeaders } = this.#source
    return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name)
  }

  /** Replaces all fields of this name by one. */
  set (name: string, value: string): void {
    this.drop(name)
    this.#source.rawHeaders.push(name, value)
    this.#source.headers[name] = value
  }

  /** Removes all fields of this name. */
  drop (name: string): void {
    this.edit(name, () => undefined)
  }

  /** Replaces the value of each field of this name by what `change` returns. Removes those for which it returns undefined. */
  edit (name: string, change: (value: string) => string | undefined): void {
    const { rawHeaders, headers } = this.#source
    const left: string[] = []
    for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
      if (rawHeaders[i]!.toLowerCase() !== name) continue
      const value = change(rawHeaders[i + 1]!)
      if (value === undefined) rawHeaders.splice(i, 2)
      else left.unshift(rawHeaders[i + 1] = value)
    }
    if (left.length === 0) delete headers[name]
    else headers[name] = left.join(name === 'cookie' ? '; ' : ', ')
  }
}
