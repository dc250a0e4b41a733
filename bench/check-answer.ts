/** Checks that a contender responds correctly before it is measured: a fast wrong response is worth nothing. */

import { once } from 'node:events'
import { request as plainRequest } from 'node:http'
import { connect } from 'node:http2'
import { request as tlsRequest } from 'node:https'
import type { Contender } from './contender.ts'
import { headersOf, jsonOf } from './load.ts'
import type { Place } from './place.ts'

/**
 * Asks once with a token, on the first and the last path, and once without.
 * @throws Error that says what was wrong
 */
export async function checkAnswer (contender: Contender, place: Place, token: string): Promise<void> {
  const { load } = place
  const headers = headersOf(load, `127.0.0.1:${place.port}`, token)
  for (const path of new Set([load.paths[0]!, load.paths.at(-1)!])) {
    const { status, body } = await ask(place, path, headers)
    if (status !== 200 || body !== jsonOf(load.answer)) {
      throw new Error(`${contender.name} answered ${path} with ${status} and ${body.length} bytes: ${body.slice(0, 200)}`)
    }
  }
  const { Authorization: _token, ...without } = headers
  const expected = contender.guarded === true ? 401 : 200
  const { status } = await ask(place, load.paths[0]!, without)
  if (status !== expected) throw new Error(`${contender.name} answered ${status} without a token, not ${expected}`)
}

async function ask (
  place: Place,
  path: string,
  headers: Readonly<Record<string, string>>
): Promise<{ readonly status: number, readonly body: string }> {
  const { port, load } = place
  if (load.front?.streams !== undefined) return await askHttp2(place, path, headers)
  const method = load.body === 0 ? 'GET' : 'POST'
  const request = load.front?.tls === true ? tlsRequest : plainRequest
  return await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false, rejectUnauthorized: false }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk })
      response.on('end', () => resolve({ status: response.statusCode!, body }))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(load.body === 0 ? undefined : jsonOf(load.body))
  })
}

/** The same over HTTP/2. */
async function askHttp2 (
  { port, load }: Place,
  path: string,
  headers: Readonly<Record<string, string>>
): Promise<{ readonly status: number, readonly body: string }> {
  const session = connect(`${load.front!.tls ? 'https' : 'http'}://127.0.0.1:${port}`, { rejectUnauthorized: false })
  try {
    const { Host: _host, ...fields } = headers
    const stream = session.request({ ':path': path, ...fields }).setEncoding('utf8')
    const [answer] = await once(stream, 'response') as [Record<string, unknown>]
    return { status: answer[':status'] as number, body: (await stream.toArray()).join('') }
  } finally {
    session.close()
  }
}
