import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('S2-040 connections to a target are kept, and new ones are counted', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(t, `upstreams: { u: { targets: ["${target.url}"] } }\nroutes: [{ path: /*, upstream: u }]\n`)
  for (let i = 0; i < 5; i++) await (await fetch(url)).text()
  assert.equal(target.connections, 1)
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  assert.match(metrics, new RegExp(`^gateway_upstream_connections_opened_total\\{upstream="u",target="${target.url}"\\} 1$`, 'm'))
  assert.match(
    metrics,
    new RegExp(`^gateway_upstream_attempts_total\\{upstream="u",target="${target.url}",outcome="success",reason="\\(none\\)"\\} 5$`, 'm')
  )
})
