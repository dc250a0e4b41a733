/** Checks of `healthChecks` that the schema cannot express. */

import type { Config, Report, UpstreamConfig } from '../../../src/index.ts'
import { child, formatDuration } from '../../../src/config/index.ts'
import type { ActiveConfig, HealthChecksConfig } from './options.ts'

/** Header fields that control the message framing. */
const framing: ReadonlySet<string> = new Set([
  'connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'
])

/** Reports what cannot work, and warns of what does nothing. */
export function checkHealthChecks ({ upstreams }: Config, report: Report): void {
  for (const [name, { healthChecks, protocol }] of Object.entries(upstreams)) {
    if (healthChecks === undefined) continue
    const pointer = child(child('/upstreams', name), 'healthChecks')
    checkWhole(healthChecks, pointer, report)
    if (healthChecks.active !== undefined) checkActive(healthChecks.active, protocol, `${pointer}/active`, report)
  }
}

function checkWhole (
  { active, passive, outliers, whenNoneHealthy, panicThreshold }: HealthChecksConfig,
  pointer: string,
  report: Report
): void {
  if (active === undefined && passive === undefined && outliers === undefined) {
    report({
      pointer,
      at: 'key',
      severity: 'warning',
      message: 'healthChecks has none of `active`, `passive` and `outliers`, so nothing is checked',
      hint: '`active: {}` takes the defaults'
    })
  }
  if (panicThreshold > 0 && whenNoneHealthy === 'fail-closed') {
    report({
      pointer: `${pointer}/panicThreshold`,
      severity: 'warning',
      message: 'does nothing with `whenNoneHealthy: fail-closed`, which heeds health to the last'
    })
  }
}

function checkActive (
  { type, service, interval, timeout, noTrafficInterval, method, body, headers }: ActiveConfig,
  protocol: UpstreamConfig['protocol'],
  pointer: string,
  report: Report
): void {
  // A probe that lasts longer than the interval would delay the next one.
  if (timeout >= interval) {
    report({
      pointer: `${pointer}/timeout`,
      message: `must be shorter than the interval (${formatDuration(interval)}), got ${formatDuration(timeout)}`
    })
  }
  if (noTrafficInterval !== undefined && noTrafficInterval < interval) {
    report({
      pointer: `${pointer}/noTrafficInterval`,
      message: `must not be shorter than the interval (${formatDuration(interval)}), got ${formatDuration(noTrafficInterval)}`
    })
  }
  if (type === 'grpc' && protocol === 'http1') {
    report({ pointer: `${pointer}/type`, message: 'gRPC needs HTTP/2', hint: 'give the upstream `protocol: h2`, or `h2c` without TLS' })
  }
  if (service !== undefined && type !== 'grpc') {
    report({ pointer: `${pointer}/service`, message: `a probe of type ${type} asks for no service`, hint: 'use `type: grpc`' })
  }
  if (body === undefined ? false : type !== 'http' || method === 'HEAD') {
    report({
      pointer: `${pointer}/body`,
      message: type === 'http' ? 'a response to HEAD has no body' : `a ${type} probe reads no text`,
      hint: 'use `type: http` and `method: GET`'
    })
  }
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase()
    if (lower === 'host') report({
      pointer: child(`${pointer}/headers`, name),
      at: 'key',
      message: 'the Host field has a key of its own',
      hint: 'use `host`'
    })
    else if (framing.has(lower)) report({
      pointer: child(`${pointer}/headers`, name),
      at: 'key',
      message: 'this field belongs to the connection and is not for the file to set'
    })
  }
}
