/** One probe: a request of the gateway's own that asks a target how it is. */

import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import { type NameLookup, patiently, reasons } from '../../../src/index.ts'
import { formatDuration } from '../../../src/config/index.ts'
import { classify, type ConnectionOptions } from '../../../src/transport/index.ts'

export interface ProbeOptions {
  /** With the target's base path. */
  readonly url: string
  readonly method: string
  /** Host field, where it is not that of the URL. */
  readonly host?: string | undefined
  /** Further fields. */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for the whole probe, from the connection to the last byte. */
  readonly timeout: number
  /** What the host of the URL is looked up with. */
  readonly names: NameLookup
  readonly tls: ConnectionOptions['tls']
  /** Whether an answer with this status is a good one. */
  readonly isHealthy: (status: number) => boolean
  /** Text that a good answer must have. */
  readonly body?: string | undefined
}

/** What came of a probe. */
export interface ProbeResult {
  /** Why it failed, in words; undefined: it passed. */
  readonly failure: string | undefined
  /** True: this machine had nothing left to ask with, so it says nothing about the target. */
  readonly unasked?: boolean
}

/** What an error of a probe says. */
export function failedBy (error: unknown): ProbeResult {
  const { code, fault } = classify(error)
  return { failure: code, unasked: fault === 'gateway' }
}

/** Most bytes of an answer that are read. */
const bodyLimit = 64 * 1024

/** Largest head that is accepted, in bytes. */
const headLimit = 64 * 1024

/**
 * Asks once and follows no redirect. Never throws. The probe has a connection of its own: a kept one says nothing about whether
 * the target still accepts any, and the target could close it in the very moment of use.
 */
export async function probe (options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
  try {
    return await ask(options, signal)
  } catch (error) {
    // Certificates that cannot be read are found out here.
    return failedBy(error)
  }
}

function ask (options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>()
  const url = new URL(options.url)
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: options.method,
    headers: { 'user-agent': 'onedoor-health', accept: '*/*', ...(options.host === undefined ? {} : { host: options.host }), ...options.headers },
    agent: false,
    lookup: options.names.lookup,
    maxHeaderSize: headLimit,
    ...tlsOptions(options.tls)
  })
  let response: IncomingMessage | undefined
  const timer = patiently(options.timeout, () => end(`no answer within ${formatDuration(options.timeout)}`)).unref()
  signal.addEventListener('abort', stop)
  request.on('response', incoming => {
    response = incoming
    hear(incoming, options, end)
  })
  request.on('error', error => {
    options.names.doubt(url.hostname)
    end(failedBy(error))
  })
  // Fires whatever happens: a cut, or a switch of protocols, which is neither an answer nor an error.
  request.on('close', () => end(response === undefined ? reasons['connection-terminated'].code : response.complete ? undefined : reasons['response-cut'].code))
  request.end()
  return promise

  function stop (): void {
    end('stopped')
  }

  function end (result: ProbeResult | string | undefined): void {
    timer.clear()
    signal.removeEventListener('abort', stop)
    resolve(typeof result === 'object' ? result : { failure: result })
    request.destroy()
  }
}

function hear (response: IncomingMessage, { isHealthy, body }: ProbeOptions, end: (failure: string | undefined) => void): void {
  const status = response.statusCode!
  // The close of the request tells of every error of its answer.
  response.on('error', () => {})
  if (!isHealthy(status)) return end(`HTTP ${status}`)
  const chunks: Buffer[] = []
  let received = 0
  const judge = (): void => end(body === undefined || Buffer.concat(chunks).subarray(0, bodyLimit).includes(body) ? undefined : 'the expected text is not in the answer')
  response.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (body !== undefined) chunks.push(chunk)
    if (received > bodyLimit) judge()
  })
  response.on('end', () => {
    // A cut ends here too, and is told by the close.
    if (response.complete) judge()
  })
}

/** The same trust as for traffic: see `src/transport/pool.ts`. */
function tlsOptions ({ verify, ca, cert, key, serverName }: ConnectionOptions['tls']): RequestOptions {
  return {
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca: ca.trim() }),
    ...(cert === undefined ? {} : { cert: cert.trim() }),
    ...(key === undefined ? {} : { key: key.trim() }),
    ...(serverName === undefined ? {} : { servername: serverName })
  }
}
