/** Durations under the names of OpenTelemetry, the gateway's own part of them, and what expires. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { earliestExpiry } from '../../plugins/core/metrics/certificates.ts'
import { withoutAttempts } from '../../plugins/core/metrics/gateway-time.ts'
import { startGateway } from '../helpers/gateway.ts'
import { issueCertificate } from '../helpers/certificates.ts'
import { certificate as long } from '../health-checks/certificate.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'
import { scrape } from './scrape.ts'

/** Of ten years. */
const short = `-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUODWWIwPXXtZZKFAn0fdvBeiiFiIwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMb25lZG9vci10ZXN0MB4XDTI2MTEyNzIyMTExOFoXDTM2MTEy
NDIyMTExOFowFzEVMBMGA1UEAwwMb25lZG9vci10ZXN0MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEaBA9z33mQJmrvqOicVxET2ocvX7dzAPCtPhDqb4LBAejFvfu
PCSXXAWiHsqhHFlo36QViDn2k36DbjJu9uWK8aNTMFEwHQYDVR0OBBYEFKPtcEYc
pgVOXsMG2HvEoEpJ57BWMB8GA1UdIwQYMBaAFKPtcEYcpgVOXsMG2HvEoEpJ57BW
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgEhNJkny52x7sZkc6
IoEv12u11pQLI7cnzNzBUNOMjw8CIQCe/O2RwFlZkdQEFF+vC+9xpWg6hrJ2DKnw
TOQaM15RHQ==
-----END CERTIFICATE-----
`

test('naming: otel has the names of the semantic conventions in place of the gateway\'s own', async t => {
  const target = await startTarget(t, (request, response) => { response.writeHead(request.url === '/users/ill' ? 503 : 200).end() })
  const { url, admin } = await startGateway(t, `
metrics: { naming: otel }
upstreams: { dead: { targets: ["http://127.0.0.1:1"] } }
routes: [{ path: "/users/:id", target: "${target.url}" }, { path: /dead, upstream: dead }]`)
  for (const path of ['/users/1', '/users/ill', '/dead', '/nowhere']) await (await fetch(url + path)).text()
  await exchangeBytes(t, url, 'PURGE /users/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const metrics = await scrape(admin)
  const served = (
    method: string,
    route: string,
    status: string,
    error: string
  ): number | undefined => metrics.value('http_server_request_duration_seconds_count', {
    http_request_method: method,
    http_route: route,
    http_response_status_code: status,
    url_scheme: 'http',
    network_protocol_version: '1.1',
    error_type: error
  })
  assert.deepEqual(
    [
      served('GET', '/users/:id', '200', ''),
      served('GET', '/users/:id', '503', 'upstream-error'),
      served('GET', '/dead', '502', 'connection-refused')
    ],
    [1, 1, 1]
  )
  assert.equal(served('GET', '', '404', 'not-found'), 1)
  assert.match(metrics.text, /^http_server_request_duration_seconds_count\{http_request_method="_OTHER",.*\} 1$/m)
  const sent = (
    port: string,
    status: string,
    error: string
  ): number | undefined => metrics.value('http_client_request_duration_seconds_count', {
    http_request_method: 'GET', server_address: '127.0.0.1', server_port: port, http_response_status_code: status, error_type: error
  })
  assert.deepEqual(
    [sent(String(target.port), '200', ''), sent(String(target.port), '503', '503'), sent('1', '', 'connection-refused')],
    [1, 1, 2]
  )
  assert.doesNotMatch(
    metrics.text,
    /gateway_requests_total|gateway_request_duration|gateway_upstream_request_duration|^http_request_duration/m
  )
  assert.match(metrics.text, /gateway_upstream_attempts_total\{/)
})

test('the gateway\'s own time is what no attempt was under way', () => {
  assert.equal(withoutAttempts([], 10, 30), 20)
  assert.equal(withoutAttempts([{ startedAt: 12, endedAt: 25 }], 10, 30), 7)
  assert.equal(withoutAttempts([{ startedAt: 12, endedAt: 15 }, { startedAt: 18, endedAt: 28 }], 10, 30), 7)
  assert.equal(withoutAttempts([{ startedAt: 12, endedAt: 25 }, { startedAt: 15, endedAt: 20 }], 10, 30), 7)
  assert.equal(withoutAttempts([{ startedAt: 12, endedAt: undefined }], 10, 30), 2)
  assert.equal(withoutAttempts([{ startedAt: 12, endedAt: 40 }], 10, 30), 2)
})

test('the gateway\'s own time is counted for requests that asked a target', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(
    t,
    `upstreams: { users: { targets: ["${target.url}"] } }\nroutes: [{ path: /a, upstream: users }, { path: /b, respond: {} }]`
  )
  for (const path of ['/a', '/b', '/c']) await (await fetch(url + path)).text()
  const metrics = await scrape(admin)
  assert.deepEqual(metrics.counted('gateway_overhead_seconds_count'), ['gateway_overhead_seconds_count [["service","users"]]'])
  const total = metrics.value('gateway_request_duration_seconds_sum', { method: 'GET', path: '/a', service: 'users' })!
  const own = metrics.value('gateway_overhead_seconds_sum', { service: 'users' })!
  assert.ok(own > 0 && own < total, `${own} of ${total}`)
})

test('the first of an upstream\'s certificates to expire is told', async t => {
  assert.equal(earliestExpiry(short), Date.parse('Nov 24 22:11:18 2036 GMT') / 1000)
  assert.ok(earliestExpiry(long)! > earliestExpiry(short)!)
  assert.equal(earliestExpiry(`nothing\n${long}\n${short}`), earliestExpiry(short))
  assert.equal(earliestExpiry('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'), undefined)

  const own = issueCertificate({ subject: 'gateway' })
  const yaml = `
upstreams:
  users: { targets: [https://127.0.0.1:1], tls: { ca: ${JSON.stringify(long + short)}, cert: ${JSON.stringify(own.cert)},
    key: ${JSON.stringify(own.key)} } }
  others: { targets: [http://127.0.0.1:1] }
routes: [{ path: /a, upstream: users }, { path: /b, upstream: others }]`
  const { admin } = await startGateway(t, yaml)
  const metrics = await scrape(admin)
  for (const [certificate, pem] of [['client', own.cert], ['authority', short]] as const) {
    assert.equal(
      metrics.value('gateway_tls_certificate_expiry_timestamp_seconds', { upstream: 'users', certificate }),
      earliestExpiry(pem)
    )
  }
  assert.equal(metrics.counted('gateway_tls_certificate_expiry_timestamp_seconds').length, 2)
})
