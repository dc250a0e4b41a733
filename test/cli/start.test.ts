import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import packageJson from '../../package.json' with { type: 'json' }
import { startGateway } from '../helpers/gateway.ts'
import { commandLine } from './captured.ts'
import { launch, launchGateway, withFreePorts } from './running.ts'

const hello = 'routes:\n  - { path: /hello, respond: { json: { hello: world } } }\n'

/** A plugin whose routes do what their names say. */
const faults = `
export default async function (app) {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.url === '/throw') setImmediate(() => { throw new Error('out of cheese') })
    if (request.url === '/reject') Promise.reject(new Error('no more cheese'))
    done()
  })
}
`

suite('onedoor start', { concurrency: 2 }, () => {
  test('serves, says so in one line for machines, and ends with status 0 on SIGTERM', async t => {
    const { child, started, proxy, line, ended, complaints } = await launchGateway(t, hello)
    const { level, time, msg, proxy: _, admin, threads, ...facts } = started
    assert.deepEqual(facts, {
      version: packageJson.version,
      file: 'gateway.yaml',
      listeners: [proxy],
      routes: 1,
      upstreams: 0,
      policies: 0,
      warnings: 0
    })
    assert.deepEqual(Object.keys(threads as object), ['count', 'why'])
    assert.match(String(admin), /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.deepEqual([level, typeof time, msg], ['info', 'number', 'gateway started'])
    assert.deepEqual(await (await fetch(`${proxy}/hello`)).json(), { hello: 'world' })
    child.kill('SIGTERM')
    for (const message of ['shutdown signal received', 'draining connections', 'shutdown complete']) await line(message)
    assert.deepEqual(await ended, [0, null])
    assert.equal(await complaints, '')
  })

  test('a warning is a line of its own, with its place', async t => {
    const { started, line } = await launchGateway(t, `policies: { idle: { plugin: rate-limiting, limit: 5/s } }\n${hello}`)
    assert.equal(started['warnings'], 1)
    assert.match(String((await line('configuration warning'))['warning']), /gateway\.yaml:3:13 .*policy "idle" is listed nowhere/)
  })

  test('a request in flight is finished after SIGTERM, and a second signal does not wait for it', async t => {
    const slow = createServer()
    t.after(() => { slow.close(); slow.closeAllConnections() })
    slow.listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const { child, proxy, line, ended } = await launchGateway(
      t,
      `routes: [{ path: /slow, target: "http://127.0.0.1:${(slow.address() as AddressInfo).port}" }]\n`
    )
    const arrived = once(slow, 'request')
    const client = connect(Number(new URL(proxy).port), '127.0.0.1')
    client.on('error', () => {})
    t.after(() => client.destroy())
    client.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n')
    await arrived
    child.kill('SIGTERM')
    await line('draining connections')
    // The second one counts only when it is none that was delivered twice, so it is given until it does.
    const again = setInterval(() => child.kill('SIGINT'), 20)
    const [status] = await ended
    clearInterval(again)
    assert.equal(status, 130)
  })

  test('SIGHUP loads the file again, and a broken one is refused while the old one serves on', async t => {
    const { child, cwd, proxy, line } = await launchGateway(t, hello)
    const file = join(cwd, 'gateway.yaml')
    writeFileSync(file, withFreePorts('routes:\n  - { path: /other, respond: {} }\n'))
    child.kill('SIGHUP')
    await line('configuration reloaded')
    assert.deepEqual([(await fetch(`${proxy}/hello`)).status, (await fetch(`${proxy}/other`)).status], [404, 200])
    writeFileSync(file, withFreePorts('routes: 1\n'))
    child.kill('SIGHUP')
    await line('invalid configuration, keeping the old one')
    assert.equal((await fetch(`${proxy}/other`)).status, 200)
  })

  test('a refused configuration shows all its problems, starts nothing and ends with status 1', async t => {
    const { status, stdout, stderr } = await commandLine(t, { files: { 'gateway.yaml': 'server: { prot: 1 }\nroutes: 2\n' } }).onedoor()
    assert.equal(status, 1)
    assert.equal(stdout, '')
    assert.match(stderr, /gateway\.yaml:1:11 .*prot/)
    assert.match(stderr, /gateway\.yaml:2:9 .*list/)
    assert.match(stderr, /\^+\n2 problems, nothing started\n$/)
  })

  for (const key of ['server', 'admin'] as const) {
    test(`a ${key} port that is taken is named with its place, and the process ends with status 1`, async t => {
      const other = createServer()
      t.after(() => other.close())
      other.listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      const ports = { server: 0, admin: 0, [key]: port }
      const yaml = `server: { host: 127.0.0.1, port: ${ports.server} }\nadmin: { port: ${ports.admin} }\n${hello}`
      const { status, stderr } = await commandLine(t, { files: { 'my.yaml': yaml } }).onedoor('--config', 'my.yaml')
      assert.equal(status, 1)
      assert.equal(
        stderr,
        `onedoor: cannot listen on 127.0.0.1:${port}: something else listens there already — change ${key}.port ` +
          `(my.yaml:${key === 'server' ? 1 : 2}) or free the port\n`
      )
    })
  }

  test('with one thread an unhandled rejection is logged, and an uncaught exception ends the process with status 1', async t => {
    const { proxy, line, ended } = await launchGateway(
      t,
      `server: { host: 127.0.0.1, port: 0, threads: 1 }
admin: { port: 0 }
policies: { faults: { plugin: ./faults.mjs } }
routes: [{ path: /*, respond: {}, policies: [faults] }]`,
      { 'faults.mjs': faults }
    )
    await fetch(`${proxy}/reject`)
    const rejection = await line('unhandled rejection')
    assert.equal(rejection['level'], 'error')
    assert.equal((rejection['err'] as { message: string }).message, 'no more cheese')
    assert.equal((await fetch(`${proxy}/fine`)).status, 200)
    assert.equal((await fetch(`${proxy}/throw`)).status, 200)
    const exception = await line('uncaught exception')
    assert.equal(exception['level'], 'fatal')
    assert.match((exception['err'] as { stack: string }).stack, /out of cheese[^]*faults\.mjs/)
    await line('shutdown complete')
    assert.deepEqual(await ended, [1, null])
  })

  test('a file named after start is the one that counts', async t => {
    const running = launch(t, { 'other.yaml': withFreePorts(hello) }, 'start', 'other.yaml')
    assert.equal((await running.line('gateway started'))['file'], 'other.yaml')
  })
})

suite('commands that ask a running gateway', () => {
  test('health, reload and explain --live get their responses from its admin listener', async t => {
    const { admin, write } = await startGateway(t, hello)
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': hello } })
    assert.equal((await onedoor('health', '--url', admin)).status, 0)
    const live = await onedoor('explain', '/hello', '--live', '--url', admin)
    assert.match(live.stdout, /^→ 200$/m)
    const reloaded = await onedoor('reload', '--url', admin)
    assert.deepEqual([reloaded.status, reloaded.stderr], [0, ''])
    write('routes: 1\n')
    const refused = await onedoor('reload', '--url', admin)
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /gateway\.yaml:3:9 /)
    assert.match(refused.stderr, /the old configuration stays in use/)
  })

  test('where it is and what it is asked with comes from the configuration', async t => {
    const token = 'a-token-for-the-admin-listener-of-this-test'
    const asked: (string | undefined)[] = []
    const admin = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      response.setHeader('content-type', 'application/json').end('{"ok":true,"problems":[]}')
    })
    t.after(() => { admin.close(); admin.closeAllConnections() })
    admin.listen(0, '127.0.0.1')
    await once(admin, 'listening')
    const yaml = 'admin: { host: 0.0.0.0, port: "${PORT}", token: "${TOKEN}" }\nroutes: this part is broken\n'
    const env = { TOKEN: token, PORT: String((admin.address() as AddressInfo).port) }
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': yaml }, env })
    assert.equal((await onedoor('health')).status, 0)
    assert.equal((await onedoor('reload')).status, 0)
    assert.deepEqual(asked, [`GET /readyz Bearer ${token}`, `POST /reload Bearer ${token}`])
  })

  test('a gateway that does not run is not healthy', async t => {
    const free = createServer()
    free.listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as AddressInfo
    free.close()
    await once(free, 'close')
    const { status, stderr } = await commandLine(t).onedoor('health', '--url', `http://127.0.0.1:${port}`)
    assert.equal(status, 1)
    assert.match(stderr, /nothing listens there; is the gateway running\?/)
  })
})
