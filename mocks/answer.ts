/** Responses of a stand-in service, and how they are sent. */

import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** One response. A text body is sent with its length, an iterable one is streamed piece by piece. */
export interface Answer {
  readonly status: number
  /** Value of content-type. */
  readonly type: string
  readonly body: string | AsyncIterable<string>
  readonly headers?: Readonly<Record<string, string>>
}

/** A response in JSON. */
export function json (status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}

/** An error response as problem details (RFC 9457). */
export function problem (status: number, title: string): Answer {
  return { status, type: 'application/problem+json', body: JSON.stringify({ title, status }) }
}

/** The response to a POST: 201 with the JSON object of the body under this id, 400 when the body is none. */
export function created (body: Buffer, id: string): Answer {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return json(201, { ...value, id })
  } catch {
    // falls through: text that is not JSON is rejected in the same way as JSON that is not an object
  }
  return problem(400, 'the body must be a JSON object')
}

/** Sends the response. A client that leaves in the middle is an ordinary end, every other failure rejects. */
export async function send (response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer
  const head = { ...answer.headers, 'content-type': answer.type }
  if (typeof body === 'string') {
    response.writeHead(answer.status, { ...head, 'content-length': Buffer.byteLength(body) }).end(body)
    return
  }
  response.writeHead(answer.status, head)
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(Readable.from(body), response)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
