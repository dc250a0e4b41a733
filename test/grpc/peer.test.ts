/** A foreign client, Debian's python3-grpcio: its calls bring the same through the gateway as without it. Skipped where it is not there. */

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from './service.ts'

const python = '/usr/bin/python3'

function isInstalled (): boolean {
  try {
    execFileSync(python, ['-c', 'import grpc'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('python3-grpcio', { skip: isInstalled() ? false : 'python3-grpcio is not installed' }, async t => {
  const service = await startService(t)
  const gateway = await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { orders: { targets: ['${service.url}'], protocol: h2c } }
routes: [{ grpc: shop.Orders/*, upstream: orders }]
`)
  const calls = async (address: string): Promise<Record<string, unknown>> => {
    const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, 'peer.py'), address])
    return JSON.parse(stdout)
  }
  const [direct, through] = await Promise.all([calls(service.address), calls(new URL(gateway.url).host)])
  assert.equal(Object.keys(direct).length, 9)
  for (const [kind, outcome] of Object.entries(direct)) assert.deepEqual(through[kind], outcome, kind)
})
