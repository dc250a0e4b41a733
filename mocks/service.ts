/** A stand-in service: a small HTTP server that plays one of the services behind the gateway, in this process or in one of its own. */

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problem, send, type Answer } from './answer.ts'
import { builtInRoutes } from './built-in-routes.ts'
import { find, type Routes } from './routes.ts'
import { SpanSender } from './span-sender.ts'

// An `import` of node:http would load Node's client for `fetch` too, and the gateway may run the services in its process.
const { createServer } = process.getBuiltinModule('node:http')

/** A running stand-in service. */
export interface MockService {
  readonly name: string
  /** Its origin, for example `http://127.0.0.1:9001`. */
  readonly url: string
  /** Requests received so far; health checks and `/_mock/*` are not counted. */
  readonly hits: number
  /**
   * Stops listening, ends waits and streams early, lets responses in progress finish and resolves when every
   * connection is closed. May be called twice.
   */
  close (): Promise<void>
}

/** How a stand-in service is started. */
export interface ServiceOptions {
  /** Goes into `x-served-by`, into log lines and into what `/echo` says. */
  readonly name: string
  /** Address to listen on; 127.0.0.1 unless told. */
  readonly host?: string
  /** Port to listen on; 0, the default, takes any free one. */
  readonly port?: number
  /** Receives one JSON line for each counted request when it is over; silent unless given. */
  readonly log?: (line: string) => void
  /** Base URL of a collector (OTLP/HTTP) that gets a span of each counted request whose trace is sampled. */
  readonly traces?: string
}

/** A client that neither finishes its request nor leaves may hold up a stop for so long, in milliseconds. */
const patience = 500

/** Starts a service with these routes and the built-in ones. Rejects when it cannot listen. */
export async function startService (options: ServiceOptions & { readonly routes: Routes }): Promise<MockService> {
  const { name, host = '127.0.0.1', port = 0, log, traces } = options
  const routes = { ...options.routes, ...builtInRoutes(name) }
  const running = new Set<AbortController>()
  const spans = traces === undefined ? undefined : new SpanSender(name, traces)
  let hits = 0
  let closing: Promise<void> | undefined

  // Kept longer than clients pool connections, so that no request meets a socket that this side is just closing.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const started = performance.now()
    const path = pathOf(request)
    const life = new AbortController()
    const counted = path !== '/health' && !path.startsWith('/_mock/')
    running.add(life)
    if (counted) hits++
    response.on('close', () => {
      running.delete(life)
      life.abort()
      const durationMs = performance.now() - started
      if (counted) log?.(logLine(name, response, durationMs))
      if (counted) spans?.add(request, response, path, durationMs)
      if (closing !== undefined) server.closeIdleConnections()
    })
    response.setHeader('x-served-by', name)
    const traceId = traceIdOf(request)
    if (traceId !== undefined) response.setHeader('x-trace-id', traceId)
    void serve(routes, path, request, response, life.signal)
  })

  async function stop (): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    for (const life of running) life.abort()
    const timer = setTimeout(() => server.closeAllConnections(), patience)
    await closed
    clearTimeout(timer)
    await spans?.close()
  }

  server.listen(port, host)
  await once(server, 'listening')
  // Accepting may fail later, as when descriptors run out; the next connection is another chance.
  server.on('error', error => { log?.(JSON.stringify({ time: new Date().toISOString(), service: name, message: error.message })) })
  const { port: bound } = server.address() as AddressInfo

  return {
    name,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    get hits () { return hits },
    close: () => closing ??= stop()
  }
}

async function serve (
  routes: Routes,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal
): Promise<void> {
  try {
    await send(response, await answer(routes, path, request, signal))
  } catch (error) {
    if (signal.aborted || response.headersSent) response.destroy() // the client left, or already has half a response
    else await send(response, problem(500, String(error)))
  }
}

async function answer (routes: Routes, path: string, request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  const body = Buffer.concat(await request.toArray() as Buffer[])
  const found = find(routes, request.method ?? 'GET', path)
  if ('handler' in found) {
    const query = new URLSearchParams(request.url?.slice(path.length))
    return await found.handler({ request, params: found.params, query, body, signal })
  }
  if (found.allow.length === 0) return problem(404, 'not found')
  return { ...problem(405, 'method not allowed'), headers: { allow: found.allow.join(', ') } }
}

function pathOf (request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '/'
}

/** The trace that the caller is in (W3C Trace Context §3.2.2), or nothing: a stand-in starts no trace of its own. */
function traceIdOf (request: IncomingMessage): string | undefined {
  const value = request.headers.traceparent
  if (typeof value !== 'string') return undefined
  return /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/.exec(value)?.[1]
}

function logLine (service: string, response: ServerResponse, durationMs: number): string {
  const { method, url, headers: { traceparent } } = response.req
  const { statusCode: status, writableFinished: complete } = response
  return JSON.stringify({
    time: new Date().toISOString(),
    service,
    method,
    url,
    status,
    complete,
    durationMs: Math.round(durationMs),
    traceparent
  })
}
