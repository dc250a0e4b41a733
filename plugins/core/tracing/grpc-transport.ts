/** OTLP over gRPC: one unary call for each batch, over a connection that is kept (gRPC over HTTP2). */

import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { type NameLookup, patiently, type PatientTimer } from '../../../src/index.ts'
import { rejectedSpans, type Serializer } from './serializer.ts'
import type { ExportSettings } from './settings.ts'
import { answerLimit, later, never, type SendResult, type Transport } from './transport.ts'

const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

/** Codes after which the same batch may be sent again: cancelled, too late, exhausted, aborted, out of range, unavailable, data loss. */
const passing: ReadonlySet<number> = new Set([1, 4, 8, 10, 11, 14, 15])

/** Length of the prefix of every message: a compression flag and the message length. */
const prefixLength = 5

export class GrpcTransport implements Transport {
  readonly #settings: ExportSettings
  readonly #serializer: Serializer
  readonly #names: NameLookup
  readonly #headers: Readonly<Record<string, string>>
  #session: ClientHttp2Session | undefined

  constructor (settings: ExportSettings, serializer: Serializer, names: NameLookup) {
    this.#settings = settings
    this.#names = names
    this.#serializer = serializer
    this.#headers = {
      ...Object.fromEntries(Object.entries(settings.headers).map(([name, value]) => [name.toLowerCase(), value])),
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${settings.timeout}m`
    }
  }

  async send (body: Uint8Array): Promise<SendResult> {
    const call = new Call(this.#serializer)
    let timer: PatientTimer | undefined
    try {
      const stream = this.#connection().request(this.#headers)
      // After a timeout the connection may be dead, so the next batch gets a new one.
      timer = patiently(this.#settings.timeout, () => {
        call.end(later(`no response within ${this.#settings.timeout} ms`))
        stream.close(constants.NGHTTP2_CANCEL)
        this.#session?.destroy()
      })
      call.follow(stream)
      const prefix = Buffer.alloc(prefixLength)
      prefix.writeUInt32BE(body.length, 1)
      stream.write(prefix)
      stream.end(body)
    } catch (error) {
      this.#session?.destroy()
      call.end(later(reason(error)))
    }
    const result = await call.result
    timer?.clear()
    return result
  }

  async close (): Promise<void> {
    this.#session?.destroy()
    this.#session = undefined
  }

  #connection (): ClientHttp2Session {
    const open = this.#session
    if (open !== undefined && !open.closed && !open.destroyed) return open
    const session = connect(this.#settings.url, { lookup: this.#names.lookup })
    // The call under way hears of it by its stream.
    session.on('error', () => this.#names.doubt(new URL(this.#settings.url).hostname))
    session.on('goaway', () => session.close())
    // An idle connection keeps no process alive.
    session.unref()
    return this.#session = session
  }
}

/** One call: collects what comes back, and decides once. */
class Call {
  readonly result: Promise<SendResult>
  readonly #serializer: Serializer
  #resolve!: (result: SendResult) => void
  readonly #chunks: Buffer[] = []
  #length = 0
  #status = 0

  constructor (serializer: Serializer) {
    this.#serializer = serializer
    this.result = new Promise(resolve => { this.#resolve = resolve })
  }

  end (result: SendResult): void {
    this.#resolve(result)
  }

  follow (stream: ClientHttp2Stream): void {
    stream.on('response', headers => {
      this.#status = headers[':status'] ?? 0
      // A call that failed at once has its status in the response headers ("Trailers-Only").
      if (headers['grpc-status'] !== undefined) this.#decide(headers)
    })
    stream.on('trailers', trailers => this.#decide(trailers as IncomingHttpHeaders))
    stream.on('data', (chunk: Buffer) => {
      this.#length += chunk.length
      if (this.#length <= answerLimit) this.#chunks.push(chunk)
      else stream.close(constants.NGHTTP2_CANCEL)
    })
    stream.on('error', error => this.end(later(reason(error))))
    stream.on('close', () => {
      const said = `the collector responded with ${this.#status}`
      if (this.#status === 0 || this.#status === 200) this.end(later('the connection ended without a response'))
      else this.end([429, 502, 503, 504].includes(this.#status) ? later(said) : never(`${said}: is this its port for gRPC?`))
    })
  }

  #decide (fields: IncomingHttpHeaders): void {
    const code = Number(fields['grpc-status'])
    if (code === 0) {
      this.end({ taken: true, rejected: rejectedSpans(this.#serializer, Buffer.concat(this.#chunks).subarray(prefixLength)) })
      return
    }
    const why = `the collector responded with gRPC status ${code}`
    this.end(passing.has(code) ? later(why) : never(why))
  }
}

function reason (error: unknown): string {
  // A stream of a connection that never was says that it was cancelled, and its cause says why.
  const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
  if (code === 'ERR_HTTP2_ERROR') return 'the collector does not speak HTTP/2: is this its port for gRPC?'
  return `the collector cannot be reached (${code ?? message})`
}
