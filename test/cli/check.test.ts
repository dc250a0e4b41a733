import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { commandLine } from './captured.ts'

const sound = 'routes:\n  - path: /hello\n    respond: { json: {} }\n'

suite('onedoor check', () => {
  test('a sound file is ok, with the size of what is in it', async t => {
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': `${sound}  - path: /a\n    target: http://127.0.0.1:1\n` } })
    assert.deepEqual(await onedoor('check'), { status: 0, stdout: 'ok: 2 routes, 1 upstream, 0 policies\n', stderr: '' })
  })

  test('all problems are shown at once, each with place and caret', async t => {
    const { onedoor } = commandLine(t, {
      files: { 'gateway.yaml': 'server: { prot: 1 }\nroutes:\n  - path: /a\n    upstrem: x\n    respond: {}\n' }
    })
    const { status, stdout, stderr } = await onedoor('check')
    assert.equal(status, 1)
    assert.equal(stdout, '')
    assert.match(stderr, /^gateway\.yaml:1:11 {2}.*prot.*port/m)
    assert.match(stderr, /^ {3}1 \| server: \{ prot: 1 \}\n {5}\| {11}\^{4}$/m)
    assert.match(stderr, /^gateway\.yaml:4:5 {2}.*upstrem.*upstream/m)
    assert.match(stderr, /^2 problems$/m)
  })

  test('a missing file is a problem, not a crash', async t => {
    const { status, stderr } = await commandLine(t).onedoor('check', 'nowhere.yaml')
    assert.equal(status, 1)
    assert.match(stderr, /no such file/)
  })

  test('warnings pass, unless --strict lets none pass', async t => {
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': `upstreams:\n  idle: { targets: ["http://127.0.0.1:1"] }\n${sound}` } })
    const lenient = await onedoor('check')
    assert.equal(lenient.status, 0)
    assert.match(lenient.stderr, /gateway\.yaml:2:3 {2}warning: upstream "idle" is used by no route/)
    assert.match(lenient.stdout, /^ok:/)
    const strict = await onedoor('check', '--strict')
    assert.equal(strict.status, 1)
    assert.match(strict.stderr, /1 warning, and --strict allows none/)
  })

  test('--json says the same to programs, sound or not', async t => {
    const { onedoor, cwd } = commandLine(t, { files: { 'gateway.yaml': sound, 'bad.yaml': `${sound}nope: 1\n` } })
    assert.deepEqual(JSON.parse((await onedoor('check', '--json')).stdout), {
      ok: true,
      problems: [],
      routes: 1,
      upstreams: 0,
      policies: 0
    })
    const bad = await onedoor('check', 'bad.yaml', '--json')
    assert.equal(bad.status, 1)
    const { ok, problems: [problem] } = JSON.parse(bad.stdout) as {
      ok: boolean,
      problems: { file: string, line: number, severity: string }[]
    }
    assert.equal(ok, false)
    assert.deepEqual([problem?.file, problem?.line, problem?.severity], [join(cwd, 'bad.yaml'), 4, 'error'])
  })

  test('what only building can find is found: a plugin that fails to register', async t => {
    const { onedoor } = commandLine(t, {
      files: {
        'gateway.yaml': 'policies: { mine: { plugin: ./mine.mjs } }\nroutes: [{ path: /a, respond: {}, policies: [mine] }]\n',
        'mine.mjs': 'export default async function () { throw new Error("out of cheese") }'
      }
    })
    const { status, stderr } = await onedoor('check')
    assert.equal(status, 1)
    assert.match(stderr, /out of cheese/)
  })

  test('the file is the one that is named, else ONEDOOR_CONFIG, else gateway.yaml', async t => {
    const files = {
      'gateway.yaml': sound,
      'two.yaml': `${sound}  - { path: /b, respond: {} }\n`,
      'three.yaml': `${sound}  - { path: /b, respond: {} }\n  - { path: /c, respond: {} }\n`
    }
    const { onedoor } = commandLine(t, { files, env: { ONEDOOR_CONFIG: 'two.yaml' } })
    assert.match((await commandLine(t, { files }).onedoor('check')).stdout, /1 route/)
    assert.match((await onedoor('check')).stdout, /2 routes/)
    for (const argv of [
      ['check', 'three.yaml'],
      ['check', '-c', 'three.yaml'],
      ['-c', 'three.yaml', 'check'],
      ['--config=three.yaml', 'check']
    ]) {
      assert.match((await onedoor(...argv)).stdout, /3 routes/)
    }
  })

  test('variables come from .env beside the file, and the environment wins', async t => {
    const files = {
      'conf/gateway.yaml': 'routes: [{ path: "${A}", respond: {} }, { path: "${B}", respond: {} }]\n',
      'conf/.env': 'A=/from-file\nB=/from-file-too\n'
    }
    const { stdout } = await commandLine(t, { files, env: { A: '/from-environment' } }).onedoor('routes', 'conf/gateway.yaml', '--json')
    assert.deepEqual((JSON.parse(stdout) as { path: string }[]).map(({ path }) => path), ['/from-environment', '/from-file-too'])
  })
})
