/** A service that stands in for an upstream in a test: it records requests and responds as the test says. */

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestScope } from './test-scope.ts'

/** A request as it reached the service. */
export interface StubRequest {
  readonly method: string
  /** Path and query, as they came. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** The body as text. */
  readonly body: string
  readonly rawBody: Buffer
}

/** A response that a test scripts. A number alone is its status. */
export type StubResponse = number | {
  /** By default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown
  /** How long it waits before the response, in milliseconds of real time. */
  readonly delay?: number
  /**
   * What it does in place of a complete response: `reset` closes the connection at once, `truncate` in the middle of the body, and `hang`
   * never responds.
   */
  readonly fail?: 'reset' | 'truncate' | 'hang'
}

/** A response, or a function that makes one for a request. */
type Script = StubResponse | ((request: StubRequest) => StubResponse | Promise<StubResponse>)

export interface StubUpstream {
  /** Its base URL, for `target` or `targets` of a configuration. */
  readonly url: string
  /** Every request so far, oldest first. */
  readonly requests: readonly StubRequest[]
  /** Gives these responses to the next requests, one each. */
  respond (...next: readonly Script[]): this
  /** Gives this response to all requests that have none of their own. Before, it is 200 with the request as JSON. */
  always (response: Script): this
  /** Resolves when so many requests have come, also if that was before. */
  received (count: number): Promise<readonly StubRequest[]>
  /** Stops it, so that connections to it are refused. */
  close (): Promise<void>
}

/** Starts a service on a free port of 127.0.0.1 that stops with the test. */
export async function stubUpstream (t: TestScope): Promise<StubUpstream> {
  const stub = new Stub()
  t.after(async () => await stub.close())
  await stub.open()
  return stub
}

class Stub implements StubUpstream {
  readonly requests: StubRequest[] = []
  readonly #server = createServer((incoming, response) => { void this.#serve(incoming, response) })
  readonly #next: Script[] = []
  readonly #waiting = new Set<() => void>()
  #always: Script = ({ method, url, headers, body }) => ({ body: { method, url, headers, body } })
  #url = ''

  async open (): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url (): string {
    return this.#url
  }

  respond (...next: readonly Script[]): this {
    this.#next.push(...next)
    return this
  }

  always (response: Script): this {
    this.#always = response
    return this
  }

  async received (count: number): Promise<readonly StubRequest[]> {
    while (this.requests.length < count) await new Promise<void>(resolve => { this.#waiting.add(resolve) })
    return this.requests
  }

  async close (): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #serve (incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const rawBody = Buffer.concat(await incoming.toArray() as Buffer[])
      const { method, url, headers } = incoming
      const request = { method: method!, url: url!, headers, body: rawBody.toString(), rawBody }
      this.requests.push(request)
      for (const check of this.#waiting) check()
      this.#waiting.clear()
      const script = this.#next.shift() ?? this.#always
      const scripted = typeof script === 'function' ? await script(request) : script
      await send(response, typeof scripted === 'number' ? { status: scripted } : scripted)
    } catch (error) {
      // The client has gone, or the script has failed: the gateway sees a connection that breaks off, and the test the reason.
      if (!incoming.errored) process.emitWarning(`the script of a stub upstream has failed: ${String(error)}`)
      response.destroy()
    }
  }
}

async function send (response: ServerResponse, scripted: Exclude<StubResponse, number>): Promise<void> {
  const { status = 200, headers = {}, body, delay = 0, fail } = scripted
  if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
  if (fail === 'hang') return
  if (fail === 'reset') {
    response.destroy()
    return
  }
  const plain = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  const bytes = plain ? Buffer.from(body ?? '') : Buffer.from(JSON.stringify(body))
  response.statusCode = status
  if (!plain) response.setHeader('content-type', 'application/json')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (fail === undefined) {
    response.end(bytes)
    return
  }
  response.setHeader('content-length', bytes.length + 1)
  response.write(bytes, () => response.destroy())
}
