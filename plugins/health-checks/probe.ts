/** One probe: a request of the gateway's own that asks a target how it is. */

import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import { reasons } from '../../src/errors.ts'
import { classify } from '../../src/upstream/failure.ts'
import type { PoolOptions } from '../../src/upstream/pool.ts'

export interface ProbeOptions {
  /** With the target's base path. */
  readonly url: string
  readonly method: string
  /** Milliseconds for the whole probe, from the connection to the last byte. */
  readonly timeout: number
  readonly tls: PoolOptions['tls']
  /** Whether an answer with this status is a good one. */
  readonly isHealthy: (status: number) => boolean
}

/** Why a probe failed, in words; undefined: it passed. */
export type ProbeResult = { readonly failure: string | undefined }

/** Most bytes of an answer that are read; the rest could not change the result. */
const bodyLimit = 64 * 1024

/**
 * Asks once and follows no redirect. Never throws. The probe has a connection of its own: a kept one says nothing about whether
 * the target still accepts any, and the target could close it in the very moment of use.
 */
export async function probe (options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
  try {
    return await ask(options, signal)
  } catch (error) {
    // Certificates that cannot be read are found out here.
    return { failure: classify(error).code }
  }
}

function ask (options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>()
  const url = new URL(options.url)
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: options.method,
    headers: { 'user-agent': 'onedoor-health', accept: '*/*' },
    agent: false,
    maxHeaderSize: bodyLimit,
    signal,
    ...tlsOptions(options.tls)
  })
  const timer = setTimeout(() => end(`no answer within ${options.timeout} ms`), options.timeout).unref()
  request.on('response', response => hear(response, options, end))
  request.on('error', error => end(classify(error).code))
  // A switch of protocols, for example, is neither an answer nor an error.
  request.on('close', () => end(reasons['connection-terminated'].code))
  request.end()
  return promise

  function end (failure: string | undefined): void {
    clearTimeout(timer)
    resolve({ failure })
    request.destroy()
  }
}

function hear (response: IncomingMessage, { isHealthy }: ProbeOptions, end: (failure: string | undefined) => void): void {
  const status = response.statusCode!
  if (!isHealthy(status)) return end(`HTTP ${status}`)
  let received = 0
  response.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > bodyLimit) end(undefined)
  })
  response.on('end', () => end(undefined))
  response.on('error', () => end(reasons['response-cut'].code))
}

/** The same trust as for traffic: see `src/upstream/pool.ts`. */
function tlsOptions ({ verify, ca, cert, key, serverName }: PoolOptions['tls']): RequestOptions {
  return {
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca: ca.trim() }),
    ...(cert === undefined ? {} : { cert: cert.trim() }),
    ...(key === undefined ? {} : { key: key.trim() }),
    ...(serverName === undefined ? {} : { servername: serverName })
  }
}
