/**
 * What undici's parser of responses takes amiss and RFC 9110 permits. It reaches into undici, which documents none of it: where it does not find what it
 * knows, nothing is changed, and such responses are failures again.
 */

import type { Socket } from 'node:net'

/** Status in place of a 100 that nobody asked for (RFC 9110 §15.2): no response has it, and undici passes it on as interim. */
export const unaskedContinue = 199

interface Parser {
  contentLength: string
  shouldKeepAlive: boolean
  /** Names and values; at the end of a message those of its trailers. */
  readonly headers: readonly Buffer[]
  onMessageComplete (): number
  onHeadersComplete (statusCode: number, upgrade: boolean, keepsAlive: boolean): number
}

/** Fields that the parser remembers. */
const framing: ReadonlySet<string> = new Set(['connection', 'proxy-connection', 'content-length', 'transfer-encoding', 'upgrade'])

let done = false

/** Mends the parser of all connections; `socket` is one that undici has just begun to read. */
export function patchParser (socket: Socket): void {
  if (done) return
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'parser')
  const parser = symbol === undefined ? undefined : (socket as unknown as Readonly<Record<symbol, Parser>>)[symbol]
  const shared = parser === undefined ? undefined : Object.getPrototypeOf(parser) as Partial<Parser>
  if (shared?.onHeadersComplete === undefined || shared.onMessageComplete === undefined) return
  done = true
  const { onHeadersComplete, onMessageComplete } = shared
  shared.onHeadersComplete = function (this: Parser, statusCode, upgrade, keepsAlive) {
    // What a 304 declares is the length of another response (RFC 9110 §8.6): it is not waited for, so the connection is as good as before.
    if (statusCode === 304 || statusCode === 204) this.contentLength = ''
    return onHeadersComplete.call(this, statusCode === 100 ? unaskedContinue : statusCode, upgrade, keepsAlive)
  }
  shared.onMessageComplete = function (this: Parser) {
    // The parser would read the next response by them.
    if (this.headers.length > 0 && this.headers.some(isFraming)) this.shouldKeepAlive = false
    return onMessageComplete.call(this)
  }
}

function isFraming (text: Buffer, index: number): boolean {
  return index % 2 === 0 && framing.has(text.toString('latin1').toLowerCase())
}
