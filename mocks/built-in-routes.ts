/** The routes that every stand-in service has: health, delay, echo and a stream of events. */

import { isUtf8 } from 'node:buffer'
import { setTimeout as sleep } from 'node:timers/promises'
import { json, problem, type Answer } from './answer.ts'
import type { Call, Routes } from './routes.ts'

/**
 * The built-in routes of the service `name`. Every call of this function makes a health of its own, which
 * `POST /_mock/health` switches.
 */
export function builtInRoutes (name: string): Routes {
  let health = 200

  return {
    'GET /health': () => json(health, { status: health < 400 ? 'ok' : 'failing' }),
    'POST /_mock/health': call => {
      const status = readStatus(call.body)
      if (status === undefined) return problem(400, 'expected {"status": <200 to 599>}')
      health = status
      return json(200, { status })
    },
    'GET /slow': slow,
    'GET /stream': call => ({ status: 200, type: 'text/event-stream', headers: { 'cache-control': 'no-store' }, body: ticks(call) }),
    'ANY /echo/*': call => echo(name, call)
  }
}

function readStatus (body: Buffer): number | undefined {
  try {
    const { status } = JSON.parse(body.toString()) as { status?: unknown }
    return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined
  } catch {
    return undefined
  }
}

/** `GET /slow?ms=1500`: responds after so many milliseconds, one second by default. */
async function slow ({ query, signal }: Call): Promise<Answer> {
  const ms = milliseconds(query)
  await wait(ms, signal)
  return json(200, { ms })
}

/** `GET /stream?ms=1000&count=5`: one event at once, the next ones `ms` apart, without an end unless `count` is given. */
async function * ticks ({ query, signal }: Call): AsyncGenerator<string> {
  const ms = milliseconds(query)
  const count = Number(query.get('count') ?? Infinity)
  for (let tick = 1; tick <= count && !signal.aborted; tick++) {
    yield `id: ${tick}\nevent: tick\ndata: {"tick":${tick}}\n\n`
    if (tick < count) await wait(ms, signal)
  }
}

/** What arrived, byte for byte where JSON can say it: method, raw URL, header lines in their order, body. */
function echo (service: string, { request, body }: Call): Answer {
  const text = isUtf8(body)
  return json(200, {
    service,
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    headers: pairs(request.rawHeaders),
    body: body.toString(text ? 'utf8' : 'base64'),
    bodyEncoding: text ? 'text' : 'base64',
    bodyLength: body.length
  })
}

function pairs (rawHeaders: readonly string[]): Array<readonly [name: string, value: string]> {
  return Array.from(
    { length: rawHeaders.length / 2 },
    (_, index) => [rawHeaders[2 * index] ?? '', rawHeaders[2 * index + 1] ?? ''] as const
  )
}

function milliseconds (query: URLSearchParams): number {
  const ms = Number(query.get('ms') ?? 1000)
  return ms >= 0 && ms <= 3_600_000 ? ms : 1000
}

/** Waits, or stops when the signal fires: then the response is sent at once, or the client has left. */
async function wait (ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
