/** A probe over HTTP/2: of a health path, or of grpc.health.v1. */

import { causeOf, type Clock, type NameLookup, patiently } from '../../../src/index.ts'
import {
  grpcForm, grpcStatus, healthCheckPath, readGrpcStatus, readHealthResponse, readOnlyMessage, servingStatus, writeFrame,
  writeGrpcTimeout, writeHealthRequest
} from '../../../src/http/index.ts'
import { askOnce, type ConnectionOptions, type SmallResponse } from '../../../src/transport/index.ts'
import { failedBy, failedFor, type ProbeOptions, type ProbeResult } from './probe.ts'
import { probeCauses } from './probe-cause.ts'

/** What is sent, and what its response means. */
export interface Question {
  readonly method: string
  readonly path: string
  /** `[name, value, …]` */
  readonly headers: string[]
  readonly body: Buffer | undefined
  /** @returns why the probe failed; undefined: it passed */
  readonly judge: (response: SmallResponse) => number | undefined
}

export interface Http2ProbeOptions {
  readonly connection: ConnectionOptions
  readonly question: Question
  /** Milliseconds for the whole probe, from the connection to the last byte. */
  readonly timeout: number
  readonly names: NameLookup
  readonly clock: Clock
}

/** The most bytes of a response body that are read. */
const limit = 64 * 1024

/** Asks once, on a connection of its own. Never throws. */
export async function http2Probe (options: Http2ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
  const { connection, question, timeout, names, clock } = options
  const { judge, method, path, headers, body } = question
  const late = new AbortController()
  const timer = patiently(timeout, () => late.abort()).unref()
  try {
    const request = { method, path, headers: [...headers], body, serverName: undefined }
    const result = await askOnce({ connection, names, clock, request, limit }, AbortSignal.any([signal, late.signal]))
    if (signal.aborted) return { failure: probeCauses.stopped }
    if (late.signal.aborted) return { failure: probeCauses.noAnswer }
    if ('failure' in result) return failedFor(result.failure.reason)
    return { failure: judge(result) }
  } catch (error) {
    // Certificates that cannot be read are found out here.
    return failedBy(error)
  } finally {
    timer.clear()
  }
}

/** A request for a health path. */
export function httpQuestion (options: Pick<ProbeOptions, 'method' | 'host' | 'headers' | 'isHealthy' | 'body'> & {
  readonly path: string
}): Question {
  const { method, path, host, headers = {}, isHealthy, body } = options
  return {
    method,
    path,
    headers: [
      ...host === undefined ? [] : ['host', host],
      ...Object.entries({ 'user-agent': 'onedoor-health', accept: '*/*', ...headers }).flat()
    ],
    body: undefined,
    judge (response) {
      if (!isHealthy(response.statusCode)) return response.statusCode
      return body === undefined || response.body.includes(body) ? undefined : probeCauses.textMissing
    }
  }
}

/** A call of grpc.health.v1 for a service; '' for the server as a whole. */
export function healthCall (service: string, timeout: number): Question {
  return {
    method: 'POST',
    path: healthCheckPath,
    headers: [
      'te', 'trailers', 'content-type', 'application/grpc+proto', 'user-agent', 'onedoor-health', 'grpc-timeout', writeGrpcTimeout(timeout)
    ],
    body: writeFrame(writeHealthRequest(service)),
    judge: ({ statusCode, headers, trailers, body }) => {
      if (statusCode !== 200) return statusCode
      if (grpcForm(String(headers['content-type'])) === undefined) return probeCauses.notServing
      const code = readGrpcStatus(headers['grpc-status'] ?? trailers['grpc-status']) ?? grpcStatus.UNKNOWN
      if (code !== grpcStatus.OK) return causeOf({ statusCode, grpcStatus: code, failure: undefined })
      const message = readOnlyMessage(body)
      const serving = message !== undefined && readHealthResponse(message) === servingStatus.SERVING
      return serving ? undefined : probeCauses.notServing
    }
  }
}
