/** Reads what a client got exactly as RFC 9112 says, and holds against the gateway whatever is not a response. */

export interface Answer {
  readonly status: number
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** Whether its end was there, by its own framing. */
  readonly complete: boolean
  /** Fields after the body. */
  readonly trailers: Fields
}

type Fields = readonly (readonly [name: string, value: string])[]

export interface Answers {
  readonly final: readonly Answer[]
  readonly interim: readonly Answer[]
  readonly faults: readonly string[]
}

/** Reads all responses in the bytes. `methods` are those of the requests, in order; `closed` says whether more can come. */
export function readAnswers (bytes: string, methods: readonly string[], closed: boolean): Answers {
  const final: Answer[] = []
  const interim: Answer[] = []
  const faults: string[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end === -1) {
      if (closed) faults.push(`an answer without an end of its head: ${bytes.slice(at, at + 40)}`)
      break
    }
    const [line, ...lines] = bytes.slice(at, end).split('\r\n') as [string, ...string[]]
    const status = Number(/^HTTP\/1\.[01] ([1-5][0-9]{2}) [\t\x20-\x7e\x80-\xff]*$/.exec(line)?.[1])
    if (!(status >= 100)) {
      faults.push(`status line ${line.slice(0, 40)}`)
      break
    }
    const fields = lines.map(text => readField(text, faults))
    at = end + 4
    if (status < 200 && status !== 101) {
      interim.push({ status, fields, body: '', complete: true, trailers: [] })
      continue
    }
    const bare = status < 200 || status === 204 || status === 304 || methods[final.length] === 'HEAD'
    const {
      body,
      next,
      complete,
      trailers = []
    } = bare ? { body: '', next: at, complete: true } : readBody(bytes, at, fields, closed, faults)
    final.push({ status, fields, body, complete, trailers })
    at = next
    if (!complete) break
  }
  if (final.length > methods.length) faults.push(`${final.length} answers to ${methods.length} requests`)
  return { final, interim, faults }
}

function readField (text: string, faults: string[]): readonly [string, string] {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(colon, 0))
  const value = text.slice(colon + 1).trim()
  // oxlint-disable-next-line no-control-regex
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || /[\x00-\x08\x0a-\x1f\x7f]/.test(value)) faults.push(`field ${text.slice(0, 40)}`)
  return [name.toLowerCase(), value]
}

function readBody (
  bytes: string,
  at: number,
  fields: Answer['fields'],
  closed: boolean,
  faults: string[]
): { body: string, next: number, complete: boolean, trailers?: Fields } {
  const values = (name: string): string[] => fields.filter(([key]) => key === name).map(([, value]) => value)
  const codings = values('transfer-encoding')
  const lengths = values('content-length')
  if (codings.length > 0 && lengths.length > 0) faults.push('an answer with two framings')
  if (codings.length > 0) {
    if (codings.join().toLowerCase() !== 'chunked') faults.push(`an answer with Transfer-Encoding ${codings.join()}`)
    return readChunks(bytes, at, faults)
  }
  if (lengths.length === 0) return { body: bytes.slice(at), next: bytes.length, complete: closed }
  if (lengths.length > 1 || !/^\d{1,15}$/.test(lengths[0]!)) faults.push(`an answer with Content-Length ${lengths.join(' | ')}`)
  const next = at + Number(lengths[0])
  return { body: bytes.slice(at, next), next: Math.min(next, bytes.length), complete: next <= bytes.length }
}

function readChunks (bytes: string, start: number, faults: string[]): { body: string, next: number, complete: boolean, trailers?: Fields } {
  const parts: string[] = []
  let at = start
  const fields: (readonly [string, string])[] = []
  let trailers = false
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    if (end === -1) break
    const line = bytes.slice(at, end)
    at = end + 2
    if (trailers) {
      if (line === '') return { body: parts.join(''), next: at, complete: true, trailers: fields }
      fields.push(readField(line, faults))
      continue
    }
    if (!/^[0-9A-Fa-f]{1,13}$/.test(line)) {
      faults.push(`chunk line ${line.slice(0, 40)} in an answer`)
      break
    }
    const size = Number.parseInt(line, 16)
    if (size === 0) trailers = true
    else {
      parts.push(bytes.slice(at, at + size))
      at += size + 2
      if (at > bytes.length) break
    }
  }
  return { body: parts.join(''), next: bytes.length, complete: false }
}
