/**
 * Reads requests off a connection exactly as RFC 9112 says, and holds against the sender everything that another reader
 * could take for something else. It judges what a gateway sends to its upstreams; written apart from every parser that
 * the gateway itself uses.
 */

export type Field = readonly [name: string, value: string]

/** A request that was read whole. */
export interface StrictRequest {
  readonly method: string
  readonly target: string
  /** Names in lower case, values without the white space around them. */
  readonly fields: readonly Field[]
  readonly body: string
  readonly trailers: readonly Field[]
}

interface Head {
  readonly method: string
  readonly target: string
  readonly fields: readonly Field[]
  /** Bytes of the body, or chunks. */
  readonly length: number | 'chunked'
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const authority = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~]+)(?::[0-9]*)?$/
// oxlint-disable-next-line no-control-regex
const control = /[\x00-\x08\x0a-\x1f\x7f]/
const framing: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'host', 'authorization', 'connection'])

/** Reads what one connection brings, piece by piece. Bytes are latin1 text, so that one character is one byte. */
export class StrictReader {
  readonly requests: StrictRequest[] = []
  /** What another reader could take for something else. */
  readonly faults: string[] = []
  /** Heads that were read, those included whose body has not come yet. */
  heads = 0
  #text = ''
  #head: Head | undefined
  #body = ''
  #trailers: Field[] | undefined
  #lost = false

  /** Whether nothing is half read. */
  get idle (): boolean {
    return this.#lost || (this.#text === '' && this.#head === undefined)
  }

  push (bytes: string): void {
    if (this.#lost) return
    this.#text += bytes
    while (this.#step());
  }

  #step (): boolean {
    if (this.#lost) return false
    if (this.#head === undefined) return this.#readHead()
    return this.#head.length === 'chunked' ? this.#readChunk() : this.#readBody(this.#head.length)
  }

  #readHead (): boolean {
    if (this.#text === '') return false
    const end = this.#text.indexOf('\r\n\r\n')
    if (end === -1) {
      if (/\n\r?\n/.test(this.#text)) this.#lose('a head that ends in bare LF')
      return false
    }
    const text = this.#text.slice(0, end)
    this.#text = this.#text.slice(end + 4)
    this.heads++
    const [line, ...lines] = text.split('\r\n') as [string, ...string[]]
    if (/[\r\n]/.test(text.replaceAll('\r\n', ''))) this.#fault('bare CR or LF in a head')
    const { method, target } = this.#readLine(line)
    const fields = lines.map(field => this.#readField(field))
    this.#head = { method, target, fields, length: this.#readLength(fields) }
    return true
  }

  #readLine (line: string): { method: string, target: string } {
    const parts = line.split(' ')
    const [method = '', target = '', version = ''] = parts
    if (parts.length !== 3) this.#fault(`request line of ${parts.length} parts: ${line.slice(0, 60)}`)
    if (!token.test(method)) this.#fault(`method ${method.slice(0, 20)}`)
    if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') this.#fault(`version ${version.slice(0, 20)}`)
    if (!/^[\x21-\x7e]+$/.test(target)) this.#fault('control, space or non-ASCII bytes in a target')
    if (target.includes('#')) this.#fault('a fragment in a target')
    if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS')) this.#fault(`no origin-form target: ${target.slice(0, 40)}`)
    return { method, target }
  }

  #readField (line: string): Field {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon === -1 ? undefined : colon)
    if (colon === -1) this.#fault(`a field without colon: ${line.slice(0, 40)}`)
    else if (!token.test(name)) this.#fault(`field name ${name.slice(0, 40)}`)
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    if (control.test(value)) this.#fault(`control bytes in ${name}`)
    return [name.toLowerCase(), value]
  }

  #readLength (fields: readonly Field[]): number | 'chunked' {
    const values = (name: string): string[] => fields.filter(([key]) => key === name).map(([, value]) => value)
    const hosts = values('host')
    if (hosts.length !== 1) this.#fault(`${hosts.length} Host fields`)
    else if (!authority.test(hosts[0]!)) this.#fault(`Host ${hosts[0]}`)
    for (const [name] of fields) {
      if (name.includes('_') && framing.has(name.replaceAll('_', '-'))) this.#fault(`${name} beside its namesake`)
    }
    const codings = values('transfer-encoding')
    const lengths = values('content-length')
    if (codings.length > 0 && lengths.length > 0) this.#fault('two framings')
    if (codings.length > 0) {
      if (codings.length > 1 || codings[0]!.toLowerCase() !== 'chunked') this.#fault(`Transfer-Encoding ${codings.join(' | ')}`)
      return 'chunked'
    }
    if (lengths.length === 0) return 0
    if (lengths.length > 1 || !/^(?:0|[1-9][0-9]{0,15})$/.test(lengths[0]!)) {
      this.#lose(`Content-Length ${lengths.join(' | ')}`)
      return 0
    }
    return Number(lengths[0])
  }

  #readBody (length: number): boolean {
    if (this.#text.length < length) return false
    this.#body = this.#text.slice(0, length)
    this.#text = this.#text.slice(length)
    this.#finish()
    return true
  }

  #readChunk (): boolean {
    const end = this.#text.indexOf('\r\n')
    if (end === -1) {
      if (this.#text.includes('\n')) this.#lose('a chunk line that ends in bare LF')
      return false
    }
    const line = this.#text.slice(0, end)
    if (this.#trailers !== undefined) {
      this.#text = this.#text.slice(end + 2)
      if (line === '') this.#finish()
      else this.#readTrailer(line)
      return true
    }
    if (!/^[0-9A-Fa-f]{1,13}$/.test(line)) {
      this.#lose(`chunk line ${line.slice(0, 40)}`)
      return false
    }
    const size = Number.parseInt(line, 16)
    if (size === 0) {
      this.#text = this.#text.slice(end + 2)
      this.#trailers = []
      return true
    }
    const next = end + 2 + size
    if (this.#text.length < next + 2) return false
    if (this.#text.slice(next, next + 2) !== '\r\n') {
      this.#lose('a chunk that does not end where it says')
      return false
    }
    this.#body += this.#text.slice(end + 2, next)
    this.#text = this.#text.slice(next + 2)
    return true
  }

  #readTrailer (line: string): void {
    const field = this.#readField(line)
    if (framing.has(field[0])) this.#fault(`${field[0]} as a trailer`)
    this.#trailers!.push(field)
  }

  #finish (): void {
    const { method, target, fields } = this.#head!
    this.requests.push({ method, target, fields, body: this.#body, trailers: this.#trailers ?? [] })
    this.#head = undefined
    this.#body = ''
    this.#trailers = undefined
  }

  #fault (text: string): void {
    this.faults.push(text)
  }

  /** It is unknown where the next request begins. */
  #lose (text: string): void {
    this.#fault(text)
    this.#lost = true
  }
}
