import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { commandLine } from './captured.ts'

suite('onedoor init', () => {
  test('writes a configuration that is sound as it is and answers', async t => {
    const { onedoor } = commandLine(t)
    const { status, stdout } = await onedoor('init')
    assert.equal(status, 0)
    assert.match(stdout, /^written: gateway\.yaml$/m)
    assert.deepEqual(await onedoor('check', '--strict'), { status: 0, stdout: 'ok: 2 routes, 1 upstream, 1 policy\n', stderr: '' })
    assert.match((await onedoor('explain', '/hello')).stdout, /^→ 200$/m)
    assert.match((await onedoor('explain', '/api/users')).stdout, /^→ GET http:\/\/127\.0\.0\.1:3000\/api\/users /m)
  })

  test('leaves a file alone that is there, unless told otherwise', async t => {
    const { onedoor, cwd } = commandLine(t, { files: { 'gateway.yaml': 'mine' } })
    const { status, stderr } = await onedoor('init')
    assert.equal(status, 1)
    assert.match(stderr, /already exists — --force replaces it/)
    assert.equal(await readFile(join(cwd, 'gateway.yaml'), 'utf8'), 'mine')
    assert.equal((await onedoor('init', '--force')).status, 0)
    assert.equal((await onedoor('check')).status, 0)
  })

  test('writes a plugin that works once it is listed as it says', async t => {
    const { onedoor, cwd } = commandLine(t)
    const { status, stdout } = await onedoor('init', 'plugin', 'door-bell')
    assert.equal(status, 0)
    assert.ok(stdout.includes('door-bell: { plugin: ./plugins/door-bell.ts, header: x-door-bell }'))
    const plugin = join(cwd, 'plugins/door-bell.ts')
    const { url } = await startGateway(
      t,
      `policies: { door-bell: { plugin: ${plugin}, header: x-ring } }\nroutes: [{ path: /hello, respond: {}, policies: [door-bell] }]\n`
    )
    const response = await fetch(`${url}/hello`)
    assert.equal(response.headers.get('x-ring'), response.headers.get('x-request-id'))
    await writeFile(
      join(cwd, 'gateway.yaml'),
      'policies: { door-bell: { plugin: ./plugins/door-bell.ts, haeder: x } }\nroutes: [{ path: /a, respond: {}, policies: [door-bell] ' +
        '}]\n'
    )
    assert.match((await onedoor('check')).stderr, /haeder.*did you mean "header"/)
  })

  test('a name that cannot be one is refused', async t => {
    const { onedoor } = commandLine(t)
    assert.equal((await onedoor('init', 'plugin', '../../etc/x')).status, 2)
    assert.equal((await onedoor('init', 'plugin')).status, 2)
    assert.equal((await onedoor('init', 'house')).status, 2)
  })
})
