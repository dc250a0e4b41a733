/**
 * Corrects what undici's parser of responses does not read as RFC 9110 says.
 *
 * Relies on: a socket that undici has begun to read has its parser under a symbol with the description `parser`; the
 * parser is of a class with `onHeadersComplete` and `onMessageComplete`, which undici calls as methods and which
 * read `contentLength`, `shouldKeepAlive` and `headers`.
 * Checked with undici 7.30.2.
 * Without it: the parser stays as it is. A 304 or 204 with a length and a 100 that was not asked for are failures,
 * and fields that frame a message are believed in trailers.
 */

import type { Socket } from 'node:net'

/**
 * Status in place of an unrequested 100 (RFC 9110 §15.2): no response has it, and undici passes it on as
 * interim.
 */
export const unaskedContinue = 199

/** What is known of a parser. */
interface Parser {
  /** The Content-Length of the message that is read; `''` for none. */
  contentLength: string
  /** Whether the connection is used again after the message. */
  shouldKeepAlive: boolean
  /** Names and values; at the end of a message those of its trailers. */
  readonly headers: readonly Buffer[]
  onMessageComplete: (this: Parser) => number
  onHeadersComplete: (this: Parser, statusCode: number, upgrade: boolean, keepsAlive: boolean) => number
}

/** Fields that the parser remembers. */
const framing: ReadonlySet<string> = new Set(['connection', 'proxy-connection', 'content-length', 'transfer-encoding', 'upgrade'])

let done = false

/**
 * Patches the parser of all connections, once; `socket` is one that undici has just begun to read. Returns whether
 * it is patched.
 */
export function patchParser (socket: Socket): boolean {
  if (done) return true
  const shared = parserPrototypeOf(socket)
  if (shared === undefined) return false
  done = true
  const { onHeadersComplete, onMessageComplete } = shared
  shared.onHeadersComplete = function (statusCode, upgrade, keepsAlive) {
    // What a 304 declares is the length of another response (RFC 9110 §8.6), which does not follow.
    if (statusCode === 304 || statusCode === 204) this.contentLength = ''
    return onHeadersComplete.call(this, statusCode === 100 ? unaskedContinue : statusCode, upgrade, keepsAlive)
  }
  shared.onMessageComplete = function () {
    // The parser would read the next response by them.
    if (this.headers.length > 0 && this.headers.some(isFraming)) this.shouldKeepAlive = false
    return onMessageComplete.call(this)
  }
  return true
}

function isFraming (text: Buffer, index: number): boolean {
  return index % 2 === 0 && framing.has(text.toString('latin1').toLowerCase())
}

/**
 * The prototype of the parser of a socket that undici has just begun to read; undefined where it does not look as
 * expected.
 */
function parserPrototypeOf (socket: Socket): Parser | undefined {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'parser')
  const parser = symbol === undefined ? undefined : (socket as unknown as Readonly<Record<symbol, Parser>>)[symbol]
  const shared = parser === undefined ? undefined : Object.getPrototypeOf(parser) as Partial<Parser>
  return shared?.onHeadersComplete === undefined || shared.onMessageComplete === undefined ? undefined : shared as Parser
}
