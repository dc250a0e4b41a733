/** Status and header fields of a response over HTTP/2, with the methods that Node's ServerResponse has for them. */

import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import type { Http2Request } from './http2-request.ts'
import {
  addField, appendField, asksToClose, checkField, emptyFields, mergeFields, type Fields, type FieldValue, type GivenFields
} from './response-fields.ts'

const options = { decodeStrings: false }
const none: Fields = {}

export abstract class ResponseHead extends Writable {
  readonly req: Http2Request
  statusCode = 200
  /** HTTP/2 has none. */
  statusMessage = ''
  /** Whether the response ends its connection, by a Connection field that asks for it. */
  protected isLast = false
  /** What is sent, for Node's HTTP/2, once it cannot change any more: `[':status', …, name, value, …]`. */
  protected head: (number | string)[] | undefined
  #fields: Fields | undefined

  constructor (request: Http2Request) {
    super(options)
    this.req = request
  }

  /** The socket of the connection, which other requests share. */
  get socket (): Socket {
    return this.req.socket
  }

  get connection (): Socket {
    return this.req.socket
  }

  get headersSent (): boolean {
    return this.head !== undefined
  }

  get finished (): boolean {
    return this.writableEnded
  }

  setHeader (name: string, value: FieldValue): this {
    this.#mustBeOpen()
    checkField(name, value)
    ;(this.#fields ??= emptyFields())[name.toLowerCase()] = value
    return this
  }

  appendHeader (name: string, value: FieldValue): this {
    this.#mustBeOpen()
    checkField(name, value)
    appendField(this.#fields ??= emptyFields(), name.toLowerCase(), value)
    return this
  }

  setHeaders (fields: Iterable<[string, FieldValue]>): this {
    for (const [name, value] of fields) this.setHeader(name, value)
    return this
  }

  getHeader (name: string): FieldValue | undefined {
    return this.#fields?.[name.toLowerCase()]
  }

  getHeaders (): Fields {
    return Object.assign(emptyFields(), this.#fields)
  }

  getHeaderNames (): string[] {
    return Object.keys(this.#fields ?? none)
  }

  hasHeader (name: string): boolean {
    return this.getHeader(name) !== undefined
  }

  removeHeader (name: string): void {
    this.#mustBeOpen()
    if (this.#fields !== undefined) delete this.#fields[name.toLowerCase()]
  }

  /** Sets status and header fields for good. They are sent with the first bytes of the body, its end, or `flushHeaders`. */
  writeHead (status: number, reason?: string | GivenFields | null, given?: GivenFields): this {
    this.#mustBeOpen()
    // Node's HTTP/2 sends no others.
    if (!(status >= 200 && status <= 599)) {
      throw Object.assign(new RangeError(`Invalid status code: ${status}`), { code: 'ERR_HTTP_INVALID_STATUS_CODE' })
    }
    const fields = this.#merged(typeof reason === 'string' ? given : reason ?? given)
    const head: (number | string)[] = [':status', status]
    // A length of a response that has no body would make it malformed (RFC 9113 §8.1.1).
    const isEmpty = status === 204 || status === 205
    for (const name in fields) {
      const value = fields[name]
      if (value !== undefined && value !== null && !(isEmpty && name === 'content-length')) addField(head, name.toLowerCase(), value)
    }
    this.isLast = asksToClose(fields['connection'])
    this.statusCode = status
    this.head = head
    return this
  }

  /** Usually all fields come at once. */
  #merged (given: GivenFields | null | undefined): Readonly<Fields> {
    if (given === undefined || given === null) return this.#fields ?? none
    if (this.#fields === undefined && !Array.isArray(given)) return given as Fields
    mergeFields(this.#fields ??= emptyFields(), given)
    return this.#fields
  }

  #mustBeOpen (): void {
    if (this.head === undefined) return
    throw Object.assign(new Error('Cannot change headers after they are sent to the client'), { code: 'ERR_HTTP_HEADERS_SENT' })
  }
}
