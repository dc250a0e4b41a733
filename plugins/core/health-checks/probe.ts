/** One HTTP probe of a target. */

import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type NameLookup, patiently, type Reason, reasonCause } from '../../../src/index.ts'
import { classify, type ConnectionOptions, tlsOptions } from '../../../src/transport/index.ts'
import { nodeHttp } from '../../../src/http/index.ts'
import { probeCauses } from './probe-cause.ts'

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
  /** Resolves the host of the URL. */
  readonly names: NameLookup
  readonly tls: ConnectionOptions['tls']
  /** Whether a response with this status passes. */
  readonly isHealthy: (status: number) => boolean
  /** Text that a response must contain to pass. */
  readonly body?: string | undefined
}

/** The result of a probe. */
export interface ProbeResult {
  /** Why it failed, see {@link probeCauses}; undefined: it passed. */
  readonly failure: number | undefined
  /** True if this machine lacked resources for the probe, which says nothing about the target. */
  readonly unasked?: boolean
}

/** The result of a probe that ended with an error. */
export function failedBy (error: unknown): ProbeResult {
  return failedFor(classify(error))
}

/** The result of a probe that failed for a reason. */
export function failedFor ({ code, fault }: Reason): ProbeResult {
  return { failure: reasonCause(code), unasked: fault === 'gateway' }
}

/** The most bytes of a response body that are read. */
const bodyLimit = 64 * 1024

/** The most bytes of response headers. */
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
  const request = (url.protocol === 'https:' ? requestHttps : nodeHttp.request)(url, {
    method: options.method,
    headers: {
      'user-agent': 'onedoor-health',
      accept: '*/*',
      ...(options.host === undefined ? {} : { host: options.host }),
      ...options.headers
    },
    agent: false,
    lookup: options.names.lookup,
    maxHeaderSize: headLimit,
    // The same trust as for the traffic.
    ...tlsOptions(options.tls),
    ...(options.tls.serverName === undefined ? {} : { servername: options.tls.serverName })
  })
  let response: IncomingMessage | undefined
  const timer = patiently(options.timeout, () => end(probeCauses.noAnswer)).unref()
  signal.addEventListener('abort', stop)
  request.on('response', incoming => {
    response = incoming
    hear(incoming, options, end)
  })
  request.on('error', error => {
    options.names.doubt(url.hostname)
    end(failedBy(error))
  })
  // `close` fires in all cases, including a cut connection and a protocol switch, which emit neither a response nor an error.
  request.on(
    'close',
    () => end(response === undefined ? reasonCause('connection-terminated') : response.complete ? undefined : reasonCause('response-cut'))
  )
  request.end()
  return promise

  function stop (): void {
    end(probeCauses.stopped)
  }

  function end (result: ProbeResult | number | undefined): void {
    timer.clear()
    signal.removeEventListener('abort', stop)
    resolve(typeof result === 'object' ? result : { failure: result })
    request.destroy()
  }
}

function hear (response: IncomingMessage, { isHealthy, body }: ProbeOptions, end: (failure: number | undefined) => void): void {
  const status = response.statusCode!
  // Errors of the response are handled by the `close` of the request.
  response.on('error', () => {})
  if (!isHealthy(status)) return end(status)
  const chunks: Buffer[] = []
  let received = 0
  const judge = (): void => {
    const fits = body === undefined || Buffer.concat(chunks).subarray(0, bodyLimit).includes(body)
    end(fits ? undefined : probeCauses.textMissing)
  }
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
