/** Checks in one scan that a raw path has only one meaning. */
import { hexDigit, peelEscapes } from './percent.ts'

/** Why a request target is refused. `too-long` is a 414, the others are a 400. */
export type TargetRefusal =
  | 'control-bytes' | 'backslash' | 'fragment' | 'non-ascii' | 'bad-escape' | 'dot-segment' | 'not-a-path'
  | 'bad-authority' | 'too-long'

/** Characters that need a closer look. All others are skipped. */
const ORDINARY = 0
const SLASH = 1
const DOT = 2
const SEMICOLON = 3
const PERCENT = 4
const QUERY = 5
const FRAGMENT = 6
const BACKSLASH = 7
const CONTROL = 8

const classes = classify()

/** A segment is counted as far as it is a run of dots (none yet, one, two); this is anything else. */
const OTHER = 3

/**
 * Scans the path that begins at `start` and ends at `?` or the end of the text. Returns where it ends, or why it is refused.
 * An ordinary path costs one pass and no allocation.
 */
export function checkPath (text: string, start: number): number | TargetRefusal {
  let dots = OTHER
  let doubleEncoded = false
  let i = start
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    let kind = code < 128 ? classes[code]! : -1
    if (kind === ORDINARY) {
      dots = OTHER
      continue
    }
    if (kind === PERCENT) {
      const byte = escapedByte(text, i)
      if (byte === -1) return 'bad-escape'
      if (byte >= 0x80) {
        const length = utf8Length(text, i)
        if (length === 0) return 'bad-escape'
        i += length * 3 - 1
        dots = OTHER
        continue
      }
      if (byte === 0x25) doubleEncoded = true
      kind = escapedKind(byte)
      i += 2
    } else if (kind === QUERY) break

    switch (kind) {
      case DOT:
        dots = dots < 2 ? dots + 1 : OTHER
        break
      case SLASH:
        if (isDotSegment(dots)) return 'dot-segment'
        dots = 0
        break
      case SEMICOLON:
        // A servlet container removes `;…` and then resolves the dots: `/public/..;x/admin`.
        if (isDotSegment(dots)) return 'dot-segment'
        dots = OTHER
        break
      case CONTROL: return 'control-bytes'
      case BACKSLASH: return 'backslash'
      case FRAGMENT: return 'fragment'
      case -1: return 'non-ascii'
      default: dots = OTHER
    }
  }
  if (isDotSegment(dots)) return 'dot-segment'
  if (doubleEncoded && hidesDotSegment(text.slice(start, i))) return 'dot-segment'
  return i
}

function isDotSegment (dots: number): boolean {
  return dots === 1 || dots === 2
}

/** A service that decodes twice reads `%252e%252e%252f` as `../`. No legitimate client sends that. */
function hidesDotSegment (path: string): boolean {
  const plain = peelEscapes(path).replace(/%(2[ef]|5c|3b)/gi, (_escape, hex: string) => dotAlphabet[hex.toLowerCase()]!)
  return /(?:^|[/\\])\.{1,2}(?:[/\\;]|$)/.test(plain)
}

const dotAlphabet: Readonly<Record<string, string>> = { '2e': '.', '2f': '/', '5c': '\\', '3b': ';' }

function escapedByte (text: string, percent: number): number {
  const high = hexDigit(text.charCodeAt(percent + 1))
  const low = hexDigit(text.charCodeAt(percent + 2))
  return high === -1 || low === -1 ? -1 : high * 16 + low
}

function escapedKind (byte: number): number {
  if (byte < 0x20 || byte === 0x7f) return CONTROL
  if (byte === 0x2e) return DOT
  if (byte === 0x2f) return SLASH
  if (byte === 0x3b) return SEMICOLON
  if (byte === 0x5c) return BACKSLASH
  // `%20`, `%23`, `%3F` and the like are data.
  return ORDINARY
}

/**
 * Bytes of the well-formed UTF-8 sequence (Unicode table 3-7) whose first escape is at `percent`; 0 when it
 * is overlong, cut or a surrogate.
 */
function utf8Length (text: string, percent: number): number {
  const first = escapedByte(text, percent)
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  for (let n = 1; n < length; n++) {
    const at = percent + n * 3
    if (text.charCodeAt(at) !== 0x25) return 0
    const byte = escapedByte(text, at)
    if (byte < low || byte > high) return 0
    low = 0x80
    high = 0xbf
  }
  return length
}

function classify (): Uint8Array {
  const table = new Uint8Array(128)
  table.fill(CONTROL, 0, 0x21)
  table[0x7f] = CONTROL
  table[0x2f] = SLASH
  table[0x2e] = DOT
  table[0x3b] = SEMICOLON
  table[0x25] = PERCENT
  table[0x3f] = QUERY
  table[0x23] = FRAGMENT
  table[0x5c] = BACKSLASH
  return table
}
