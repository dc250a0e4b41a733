/** Reads answers as strictly as RFC 9112 writes them: what a lenient client would forgive is a fault of the gateway here. */

export interface Answer {
  readonly status: number
  /** Values by lower-case name. */
  readonly fields: ReadonlyMap<string, string>
  readonly body: Buffer
  /** Where in the bytes it ends. */
  readonly end: number
  /** Whether the connection may be used again. */
  readonly lasting: boolean
}

/** What came is no HTTP. */
export class Malformed extends Error {}

const headLimit = 64 * 1024

/** The response at the beginning of `bytes`; undefined while it is not complete. Interim responses are skipped. @throws Malformed */
export function readAnswer (bytes: Buffer, method: string, from = 0): Answer | undefined {
  const close = bytes.indexOf('\r\n\r\n', from)
  if (close === -1) {
    if (bytes.length - from > headLimit) throw new Malformed('a head without an end')
    if (bytes.length > from && !'HTTP/1.1 '.startsWith(bytes.toString('latin1', from, Math.min(bytes.length, from + 9)))) {
      throw new Malformed(`not a status line: ${shown(bytes, from)}`)
    }
    return undefined
  }
  const [line = '', ...rows] = bytes.toString('latin1', from, close).split('\r\n')
  const status = Number(/^HTTP\/1\.1 ([1-5][0-9][0-9]) [\t -~]*$/.exec(line)?.[1])
  if (Number.isNaN(status)) throw new Malformed(`not a status line: ${shown(bytes, from)}`)
  const fields = readFields(rows)
  const start = close + 4
  if (status < 200) return readAnswer(bytes, method, start)
  const lasting = fields.get('connection')?.toLowerCase() !== 'close'
  const length = fields.get('content-length')
  const coding = fields.get('transfer-encoding')
  if (length !== undefined && coding !== undefined) throw new Malformed('both Content-Length and Transfer-Encoding')
  if (method === 'HEAD' || status === 204 || status === 304) return { status, fields, body: Buffer.alloc(0), end: start, lasting }
  if (coding !== undefined) {
    if (coding !== 'chunked') throw new Malformed(`Transfer-Encoding ${coding}`)
    const whole = readChunks(bytes, start)
    return whole === undefined ? undefined : { status, fields, ...whole, lasting }
  }
  if (length === undefined || !/^[0-9]+$/.test(length)) throw new Malformed(`Content-Length ${length}`)
  const end = start + Number(length)
  return bytes.length < end ? undefined : { status, fields, body: bytes.subarray(start, end), end, lasting }
}

function readFields (rows: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (const row of rows) {
    const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t -~\x80-\xff]*)$/.exec(row)
    if (found === null) throw new Malformed(`not a field: ${JSON.stringify(row)}`)
    const name = found[1]!.toLowerCase()
    if (fields.has(name) && (name === 'content-length' || name === 'transfer-encoding')) throw new Malformed(`${name} twice`)
    fields.set(name, found[2]!.trimEnd())
  }
  return fields
}

function readChunks (bytes: Buffer, from: number): { readonly body: Buffer, readonly end: number } | undefined {
  const parts: Buffer[] = []
  let at = from
  for (;;) {
    const close = bytes.indexOf('\r\n', at)
    if (close === -1) return undefined
    const size = bytes.toString('latin1', at, close)
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new Malformed(`not a chunk size: ${JSON.stringify(size.slice(0, 40))}`)
    const length = Number.parseInt(size, 16)
    at = close + 2
    if (length === 0) break
    if (bytes.length < at + length + 2) return undefined
    if (bytes[at + length] !== 13 || bytes[at + length + 1] !== 10) throw new Malformed('a chunk is longer than its size')
    parts.push(bytes.subarray(at, at + length))
    at += length + 2
  }
  // Trailers, or the empty line at once.
  for (;;) {
    const close = bytes.indexOf('\r\n', at)
    if (close === -1) return undefined
    if (close === at) return { body: Buffer.concat(parts), end: at + 2 }
    readFields([bytes.toString('latin1', at, close)])
    at = close + 2
  }
}

const shown = (bytes: Buffer, from: number): string => JSON.stringify(bytes.toString('latin1', from, Math.min(bytes.length, from + 60)))
