/** Maintenance: `server.maintenance`, its exceptions, and the switch of the running gateway. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePaths } from '../../plugins/core/maintenance/paths.ts'
import { commandLine } from '../cli/captured.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'

const routes = 'routes: [{ path: /*, respond: { text: served } }]'
const free = (server: string): string => `server: { host: 127.0.0.1, port: 0, ${server} }\n${routes}`

test('server.maintenance responds 503 with message and Retry-After, except for some paths and clients', async t => {
  const { url, admin, gateway } = await startGateway(t, free(
    'trustProxy: [loopback], maintenance: { retryAfter: 90s, message: Back at 22:00, except: [10.0.0.0/8], exceptPaths: [/up, /open/*] }'
  ))
  const status = async (path: string, from = '192.0.2.1') => (await send(url, path, { headers: { 'x-forwarded-for': from } })).status
  const refused = await send(url, '/')
  const { code, detail } = JSON.parse(refused.text) as { code: string, detail: string }
  assert.deepEqual([refused.status, refused.headers['retry-after'], code, detail], [503, '90', 'maintenance', 'Back at 22:00'])
  assert.deepEqual(
    [await status('/up'), await status('/upper'), await status('/open/x?y'), await status('/open'), await status('/', '10.1.2.3')],
    [200, 503, 200, 503, 200]
  )
  assert.equal((await send(admin, '/readyz')).status, 200)
  assert.match((await send(admin, '/metrics')).text, /^gateway_maintenance 1$/m)
  const { outcome } = await gateway.explain({ method: 'GET', url: '/', remoteAddress: '192.0.2.1' })
  assert.deepEqual([outcome.status, outcome.code], [503, 'maintenance'])
})

test('an error page may be the response, and a request that is malformed stays so', async t => {
  const { url } = await startGateway(t, `${free('maintenance: true')}
errorPages: [{ for: [maintenance], html: "<p>Back soon</p>" }]`)
  const page = await send(url, '/', { headers: { accept: 'text/html' } })
  assert.deepEqual([page.status, page.headers['content-type'], page.text], [503, 'text/html; charset=utf-8', '<p>Back soon</p>'])
  assert.equal((await send(url, '/%2e%2e/x')).status, 400)
})

test('maintenance on lasts over reloads until off, with the exceptions of the configuration, and is an event', async t => {
  const { url, admin, write } = await startGateway(t, free('maintenance: { enabled: false, exceptPaths: [/up] }'))
  const { onedoor } = commandLine(t)
  const run = async (...argv: string[]) => {
    const { status, stdout } = await onedoor('maintenance', ...argv, '--url', admin, '--token', '')
    return [status, stdout.trimEnd()]
  }
  const statuses = async () => [(await send(url, '/')).status, (await send(url, '/up')).status]
  assert.deepEqual(await run(), [0, 'maintenance is off'])
  assert.deepEqual(await statuses(), [200, 200])
  assert.deepEqual(await run('on', '--reason', 'new database'), [0, 'maintenance is on'])
  assert.deepEqual(await statuses(), [503, 200])
  write(routes)
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST' })).status, 200)
  assert.deepEqual(await statuses(), [503, 503])
  assert.deepEqual(await run('off'), [0, 'maintenance is off'])
  assert.deepEqual(await statuses(), [200, 200])
  assert.equal((await run('maybe'))[0], 2)
  const events = await (await fetch(`${admin}/events?type=maintenance-started,maintenance-ended`)).json() as Record<string, unknown>[]
  assert.deepEqual(events.map(({ type, by, reason }) => [type, by, reason]), [
    ['maintenance-started', '127.0.0.1', 'new database'], ['maintenance-ended', '127.0.0.1', undefined]
  ])
  write(free('maintenance: true'))
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST' })).status, 200)
  assert.deepEqual(await run('off'), [1, 'maintenance is on, by server.maintenance of the configuration'])
  assert.equal((await fetch(`${admin}/maintenance?on=maybe`, { method: 'PUT' })).status, 400)
})

test('what is no network or no path is refused with its place', async t => {
  const { onedoor } = commandLine(t, { files: {
    'network.yaml': free('maintenance: { except: [10.0.0.0/8, office] }'),
    'path.yaml': free('maintenance: { exceptPaths: [up] }')
  } })
  assert.match((await onedoor('check', 'network.yaml')).stderr, /network\.yaml:1:73 {2}"office" is not a network/)
  assert.match((await onedoor('check', 'path.yaml')).stderr, /expected a path such as \/status or \/status\/\*, got "up"/)
})

test('a path is open exactly, or with all below it', () => {
  const open = compilePaths(['/a', '/b/*', '/*x'])
  const paths = ['/a', '/a/', '/ab', '/b', '/b/', '/b/c/d', '/bc', '/*x', '/']
  assert.deepEqual(paths.filter(open), ['/a', '/b/', '/b/c/d', '/*x'])
  assert.equal(compilePaths(['/*'])('/anything'), true)
})
