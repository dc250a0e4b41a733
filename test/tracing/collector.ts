/** A collector for tests: takes spans over OTLP/HTTP (protobuf and JSON) or gRPC, and says when they are there. */

import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { readJson, readProtobuf, type ReceivedSpan } from './otlp-reader.ts'

export interface Collector {
  /** `127.0.0.1:port`. */
  readonly address: string
  readonly spans: readonly ReceivedSpan[]
  /** Heads of the exports so far. */
  readonly exports: readonly { readonly path: string, readonly headers: IncomingHttpHeaders }[]
  /** Resolves when so many spans have come, or so many exports. */
  received (spans: number): Promise<readonly ReceivedSpan[]>
  asked (exports: number): Promise<void>
}

/** A collector whose responses the test decides; by default it takes everything. */
export async function startCollector (
  t: TestContext,
  answer: (response: ServerResponse, count: number) => void = response => response.end()
): Promise<Collector> {
  const inbox = new Inbox()
  const server = createHttpServer((request: IncomingMessage, response) => {
    void request.toArray().then(chunks => {
      const body = Buffer.concat(chunks as Buffer[])
      response.on(
        'finish',
        () => {
          if (response.statusCode === 200) {
            inbox.take(request.headers['content-type'] === 'application/json' ? readJson(body) : readProtobuf(body))
          }
        }
      )
      answer(response, inbox.ask(request.url!, request.headers))
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(async () => {
    server.closeAllConnections()
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  })
  return inbox.at(server.address() as AddressInfo)
}

/**
 * How a collector responds over gRPC, beside the code: with which message, or with the code in its head and
 * nothing else ("Trailers-Only").
 */
export interface GrpcManner {
  readonly message?: Buffer
  readonly trailersOnly?: boolean
}

/** One that speaks gRPC without TLS. `status` gives the code of each response. */
export async function startGrpcCollector (t: TestContext, status: (count: number) => number = () => 0, {
  message = Buffer.alloc(0),
  trailersOnly = false
}: GrpcManner = {}): Promise<Collector> {
  const inbox = new Inbox()
  const sessions = new Set<ServerHttp2Session>()
  const server = createHttp2Server()
  server.on('session', session => { sessions.add(session) })
  server.on('stream', (stream, headers) => {
    void stream.toArray().then(chunks => {
      const body = Buffer.concat(chunks as Buffer[])
      const asked = status(inbox.ask(String(headers[':path']), headers))
      // A message of another length than it says is none (13, internal).
      const code = body.readUInt32BE(1) === body.length - 5 ? asked : 13
      if (trailersOnly) {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(code) }, { endStream: true })
        return
      }
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => {
        if (code === 0) inbox.take(readProtobuf(body.subarray(5, 5 + body.readUInt32BE(1))))
        stream.sendTrailers({ 'grpc-status': String(code) })
      })
      const prefix = Buffer.alloc(5)
      prefix.writeUInt32BE(message.length, 1)
      stream.end(Buffer.concat([prefix, message]))
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(async () => {
    for (const session of sessions) session.destroy()
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  })
  return inbox.at(server.address() as AddressInfo)
}

class Inbox {
  readonly #spans: ReceivedSpan[] = []
  readonly #exports: { path: string, headers: IncomingHttpHeaders }[] = []
  readonly #waiting = new Set<() => void>()

  ask (path: string, headers: IncomingHttpHeaders): number {
    const count = this.#exports.push({ path, headers })
    this.#tell()
    return count
  }

  take (spans: readonly ReceivedSpan[]): void {
    this.#spans.push(...spans)
    this.#tell()
  }

  at ({ port }: AddressInfo): Collector {
    return {
      address: `127.0.0.1:${port}`,
      spans: this.#spans,
      exports: this.#exports,
      received: async count => {
        await this.#until(() => this.#spans.length >= count)
        return this.#spans
      },
      asked: async count => { await this.#until(() => this.#exports.length >= count) }
    }
  }

  #tell (): void {
    for (const check of this.#waiting) check()
  }

  async #until (fits: () => boolean): Promise<void> {
    if (fits()) return
    await new Promise<void>(resolve => {
      const check = (): void => {
        if (!fits()) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
    })
  }
}
