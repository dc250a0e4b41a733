/** Parameters as the client sent them, still percent-encoded: for rewriting a path without changing a byte. */
import type { Pattern, Segment } from './pattern.ts'

/** Undecoded values of `pattern`'s parameters in a raw path that it matches. A wildcard that matched nothing is `''`. */
export function rawParameters (pattern: Pattern, path: string, decoded: Readonly<Record<string, string>>): Record<string, string> {
  const params: Record<string, string> = Object.create(null)
  let start = 1
  for (const segment of pattern.segments) {
    if (segment.kind === 'wildcard') {
      params['*'] = path.slice(start)
      break
    }
    const slash = path.indexOf('/', start)
    const end = slash === -1 ? path.length : slash
    if (segment.captures.length > 0) readSegment(segment, path.slice(start, end), decoded, params)
    start = end + 1
  }
  return params
}

function readSegment (segment: Segment, raw: string, decoded: Readonly<Record<string, string>>, params: Record<string, string>): void {
  const [first] = segment.captures
  if (segment.kind === 'parameter' && first !== undefined) {
    params[first.name] = raw
    return
  }
  // Captures and literals fill the segment without a gap, so decoded lengths say where each begins in the raw text.
  let start = skip(raw, 0, segment.prefix.length)
  for (const { name, after } of segment.captures) {
    const end = skip(raw, start, (decoded[name] ?? '').length)
    params[name] = raw.slice(start, end)
    start = skip(raw, end, after.length)
  }
}

/** The raw index that lies `count` decoded UTF-16 units behind `index`. */
function skip (raw: string, index: number, count: number): number {
  let left = count
  while (left > 0 && index < raw.length) {
    const size = encodedSize(raw, index)
    // Only the four-byte sequences of UTF-8 decode to two UTF-16 units (RFC 3629 §3).
    left -= size === 12 ? 2 : 1
    index += size
  }
  return index
}

function encodedSize (raw: string, index: number): 1 | 3 | 6 | 9 | 12 {
  if (raw[index] !== '%') return 1
  const lead = Number.parseInt(raw.slice(index + 1, index + 3), 16)
  if (lead < 0xc0) return 3
  if (lead < 0xe0) return 6
  return lead < 0xf0 ? 9 : 12
}
