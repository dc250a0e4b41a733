import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@prometheus-io/client'
import { Instruments } from '../../plugins/core/metrics/instruments.ts'
import { SemanticRequests } from '../../plugins/core/metrics/semantic-requests.ts'
import { localClient } from '../helpers/local-client.ts'
import { reasons } from '../../src/contract/errors.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { Scrape } from './scrape.ts'

test('an attempt has the address of its target, the port of the scheme by default, and its status or failure as the error', async () => {
  const registry = new Registry()
  const metrics = new SemanticRequests(new Instruments(registry), () => 0)
  const attempts = [
    { target: { origin: 'https://a.example' }, statusCode: 404, failure: undefined, startedAt: 0, endedAt: 500 },
    { target: { origin: 'http://b.example' }, statusCode: 200, failure: undefined, startedAt: 0, endedAt: 500 },
    {
      target: { origin: 'http://c.example:8080' },
      statusCode: undefined,
      failure: reasons['connection-refused'],
      startedAt: 0,
      endedAt: 500
    }
  ]
  metrics.end(
    {
      route: { pattern: '/a' },
      method: 'PURGE',
      reason: undefined,
      trace: undefined,
      client: localClient,
      startedAt: 0,
      reply: { raw: { headersSent: true, statusCode: 404 } },
      attempts
    } as unknown as Exchange,
    1000
  )
  const printed = new Scrape(await registry.metrics())
  const client = (server_address: string, server_port: string, status: string, error_type: string): number | undefined =>
    printed.value('http_client_request_duration_seconds_sum', {
      http_request_method: '_OTHER',
      server_address,
      server_port,
      http_response_status_code: status,
      error_type
    })
  assert.deepEqual(
    [client('a.example', '443', '404', '404'), client('b.example', '80', '200', ''), client('c.example', '8080', '', 'connection-refused')],
    [0.5, 0.5, 0.5]
  )
  assert.equal(
    printed.value('http_server_request_duration_seconds_sum', {
      http_request_method: '_OTHER',
      http_route: '/a',
      http_response_status_code: '404',
      url_scheme: 'http',
      network_protocol_version: '1.1',
      error_type: ''
    }),
    1
  )
})
