/**
 * Makes undici's response parser accept responses that RFC 9110 permits and undici rejects. It patches undocumented parts of undici. In a
 * version where they are missing nothing is patched, and such responses are failures.
 */

import type { Socket } from 'node:net'

/** Replaces the status of an unrequested 100 (RFC 9110 §15.2). No real response has it, and undici passes it on as an interim response. */
export const unaskedContinue = 199

interface Parser {
  contentLength: string
  shouldKeepAlive: boolean
  /** Names and values of the header fields; at the end of a message those of the trailers. */
  readonly headers: readonly Buffer[]
  onMessageComplete (): number
  onHeadersComplete (statusCode: number, upgrade: boolean, keepsAlive: boolean): number
}

/** Fields that change the state of the parser. */
const framing: ReadonlySet<string> = new Set(['connection', 'proxy-connection', 'content-length', 'transfer-encoding', 'upgrade'])

let done = false

/** Patches the parser of all connections. `socket` is a connection that undici has just begun to read. */
export function patchParser (socket: Socket): void {
  if (done) return
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'parser')
  const parser = symbol === undefined ? undefined : (socket as unknown as Readonly<Record<symbol, Parser>>)[symbol]
  const shared = parser === undefined ? undefined : Object.getPrototypeOf(parser) as Partial<Parser>
  if (shared?.onHeadersComplete === undefined || shared.onMessageComplete === undefined) return
  done = true
  const { onHeadersComplete, onMessageComplete } = shared
  shared.onHeadersComplete = function (this: Parser, statusCode, upgrade, keepsAlive) {
    // The length in a 304 is that of another response (RFC 9110 §8.6). No body follows, so the connection stays usable.
    if (statusCode === 304 || statusCode === 204) this.contentLength = ''
    return onHeadersComplete.call(this, statusCode === 100 ? unaskedContinue : statusCode, upgrade, keepsAlive)
  }
  shared.onMessageComplete = function (this: Parser) {
    // As trailers they would affect how the parser reads the next response.
    if (this.headers.length > 0 && this.headers.some(isFraming)) this.shouldKeepAlive = false
    return onMessageComplete.call(this)
  }
}

function isFraming (text: Buffer, index: number): boolean {
  return index % 2 === 0 && framing.has(text.toString('latin1').toLowerCase())
}
