import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { version } from '../../src/index.ts'
import { startGateway } from '../helpers/gateway.ts'
import { commandLine } from './captured.ts'

suite('onedoor init', () => {
  test('writes a configuration that is sound as it is and responds', async t => {
    const { onedoor } = commandLine(t)
    const { status, stdout } = await onedoor('init')
    assert.equal(status, 0)
    assert.match(stdout, /^written: gateway\.yaml$/m)
    assert.deepEqual(await onedoor('check', '--strict'), { status: 0, stdout: 'ok: 2 routes, 1 upstream, 1 policy\n', stderr: '' })
    assert.match((await onedoor('explain', '/hello')).stdout, /^→ 200$/m)
    assert.match((await onedoor('explain', '/api/users')).stdout, /^→ GET http:\/\/127\.0\.0\.1:3000\/api\/users /m)
  })

  test('writes a project that is complete', async t => {
    const { onedoor, cwd } = commandLine(t)
    await onedoor('init')
    const files = await readdir(cwd, { recursive: true })
    assert.deepEqual(
      files.toSorted(),
      ['.gitignore', 'gateway.schema.json', 'gateway.yaml', 'package.json', 'test', 'test/gateway.test.ts']
    )
    const schema = /\$schema=(.*)$/m.exec(await readFile(join(cwd, 'gateway.yaml'), 'utf8'))![1]!
    assert.equal(await readFile(join(cwd, schema), 'utf8'), await readFile(new URL('../../gateway.schema.json', import.meta.url), 'utf8'))
    assert.deepEqual(JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')), {
      private: true,
      type: 'module',
      scripts: {
        start: 'onedoor start',
        check: 'onedoor check --strict',
        test: 'node --test',
        schema: 'onedoor schema -c gateway.yaml > gateway.schema.json'
      },
      dependencies: { onedoor: `^${version}` }
    })
  })

  for (const [what, existing, expected] of [
    ['of npm install', { dependencies: { onedoor: 'file:x.tgz' } }, { type: 'module', test: 'node --test', onedoor: 'file:x.tgz' }],
    [
      'of npm init',
      { name: 'door', type: 'commonjs', scripts: { test: 'echo "Error: no test specified" && exit 1' } },
      { type: 'module', test: 'node --test', onedoor: `^${version}` }
    ],
    [
      'of the user',
      { type: 'commonjs', scripts: { start: 'mine', test: 'jest' }, devDependencies: { onedoor: '1.0.0' } },
      { type: 'commonjs', test: 'jest', onedoor: undefined }
    ]
  ] as const) {
    test(`completes a package.json ${what}, and keeps what it has`, async t => {
      const { onedoor, cwd } = commandLine(t, { files: { 'package.json': JSON.stringify(existing) } })
      assert.match((await onedoor('init')).stdout, /^completed: package\.json$/m)
      const { type, scripts, dependencies, ...rest } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')) as {
        type: string,
        scripts: Record<string, string>,
        dependencies?: Record<string, string>
      }
      assert.deepEqual({ type, test: scripts['test'], onedoor: dependencies?.['onedoor'] }, expected)
      assert.equal(scripts['start'], 'scripts' in existing && 'start' in existing.scripts ? 'mine' : 'onedoor start')
      const { type: _, scripts: __, dependencies: ___, ...others } = existing as Record<string, unknown>
      assert.deepEqual(rest, others)
    })
  }

  test('leaves a file alone that is there, unless told otherwise', async t => {
    const mine = { 'gateway.yaml': 'mine', '.gitignore': 'mine', 'package.json': 'mine' }
    const { onedoor, cwd } = commandLine(t, { files: mine })
    const { status, stderr } = await onedoor('init')
    assert.equal(status, 1)
    assert.match(stderr, /already exists — --force replaces it/)
    assert.deepEqual((await readdir(cwd)).toSorted(), Object.keys(mine).toSorted())
    assert.equal(await readFile(join(cwd, 'gateway.yaml'), 'utf8'), 'mine')
    const forced = await onedoor('init', '--force')
    assert.equal(forced.status, 0)
    assert.match(forced.stderr, /package\.json is not JSON and stays as it is/)
    for (const file of ['.gitignore', 'package.json']) assert.equal(await readFile(join(cwd, file), 'utf8'), 'mine')
    assert.equal((await onedoor('check')).status, 0)
  })

  test('writes a plugin that works once it is listed as it says', async t => {
    const { onedoor, cwd } = commandLine(t)
    const { status, stdout } = await onedoor('init', 'plugin', 'door-bell')
    assert.equal(status, 0)
    assert.ok(stdout.includes('door-bell: { plugin: ./plugins/door-bell.ts, header: x-door-bell }'))
    assert.deepEqual((await readdir(cwd, { recursive: true })).filter(file => file.includes('.')).toSorted(), [
      'plugins/door-bell.ts',
      'test/door-bell.test.ts',
      'tsconfig.json'
    ])
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
