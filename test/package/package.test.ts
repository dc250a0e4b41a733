/** The package as users install it: compiled JavaScript inside `node_modules`. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, suite, test, type TestContext } from 'node:test'
import { freePort } from '../helpers/target.ts'
import { install, type Installed } from './installed.ts'

let installed: Installed

before(async () => { installed = await install(['@types/node', 'undici-types']) })
after(() => installed.remove())

/** Starts the installed gateway of the project on free ports. */
async function start (t: TestContext, ...args: string[]): Promise<{ readonly url: string, readonly admin: string }> {
  const child = spawn(process.execPath, ['node_modules/.bin/onedoor', 'start', ...args], {
    cwd: installed.project,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.after(async () => {
    child.kill()
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, proxy, admin } = JSON.parse(line) as { msg: string, proxy: string, admin: string }
    if (msg === 'gateway started') return { url: proxy.replace('0.0.0.0', '127.0.0.1'), admin }
  }
  throw new Error('it did not start')
}

suite('the package', () => {
  test('holds what runs, types of every entry point, and nothing else', () => {
    const files = globSync('**/*', { cwd: installed.package, exclude: ['node_modules'] }).toSorted()
    const top = new Set(files.map(file => file.split('/')[0]))
    assert.deepEqual(
      [...top],
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'gateway.schema.json', 'package.json', 'vendor']
    )
    assert.deepEqual(files.filter(file => /(?<!\.d)\.ts$|\.test\./.test(file)), [])
    const { exports } = JSON.parse(readFileSync(join(installed.package, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>
    }
    for (const entry of Object.values(exports)) {
      const { 'onedoor-source': _, ...published } = typeof entry === 'string' ? { default: entry } : entry
      for (const file of Object.values(published)) assert.ok(existsSync(join(installed.package, file)), file)
    }
  })

  test('init, check, and a plugin in TypeScript that runs on the gateway and under its types', async t => {
    await installed.run('onedoor', 'init')
    await installed.run('onedoor', 'init', 'plugin', 'stamp')
    writeFileSync(join(installed.project, 'plugins/own-key.ts'), `
      import { Type, type FastifyInstance, type PluginConfig, type RouteConfig } from 'onedoor'
      import { isPreflight } from 'onedoor/http'
      declare module 'onedoor' {
        interface RouteConfig { readonly note?: string }
      }
      export const config = { route: { note: Type.Optional(Type.String()) } } satisfies PluginConfig
      export default async function ownKey (app: FastifyInstance): Promise<void> {
        const route: RouteConfig | undefined = app.gateway.config.routes.find(({ note }) => note !== undefined)
        const note: string = route?.note ?? app.gateway.config.metrics.path
        app.get('/note', async request => ({ note, preflight: isPreflight(request) }))
      }
    `)
    writeFileSync(join(installed.project, 'test/embed.test.ts'), `
      import assert from 'node:assert/strict'
      import { test } from 'node:test'
      import { ConfigRefused, createGateway, type EmbeddedGateway } from 'onedoor'
      test('a program embeds the package', async () => {
        const config = {
          logging: { level: 'silent' },
          policies: { mine: { plugin: './plugins/stamp.ts' } },
          routes: [{ path: '/', respond: {}, policies: ['mine'] }]
        }
        const gateway: EmbeddedGateway = createGateway({ config })
        const { proxy } = await gateway.start({ host: '127.0.0.1', port: 0, adminPort: 0 })
        assert.ok((await gateway.inject('/')).headers['x-stamp'])
        assert.equal((await fetch(proxy)).status, 200)
        await gateway.close()
        await assert.rejects(createGateway({ config: 'routes: 3' }).ready(), ConfigRefused)
      })
    `)
    const file = join(installed.project, 'gateway.yaml')
    writeFileSync(file, readFileSync(file, 'utf8')
      .replace('policies:\n', 'plugins: [./plugins/own-key.ts]\nadmin: { port: 0 }\npolicies:\n  stamp: { plugin: ./plugins/stamp.ts }\n')
      .replace('methods: [GET]', 'note: mine\n    policies: [per-client, stamp]'))
    assert.equal((await installed.run('onedoor', 'check', '--strict')).stdout, 'ok: 2 routes, 1 upstream, 2 policies\n')
    const { url, admin } = await start(t)
    const response = await fetch(`${url}/hello`)
    assert.deepEqual(await response.json(), { hello: 'world' })
    assert.equal(response.headers.get('x-stamp'), response.headers.get('x-request-id'))
    assert.deepEqual(await (await fetch(`${url}/note`)).json(), { note: 'mine', preflight: false })
    const [main] = /\/console\/\w+\/console\.js/.exec(await (await fetch(admin)).text())!
    assert.equal((await fetch(admin + main)).status, 200)
    const statuses = []
    for (let count = 0; count < 25; count++) statuses.push((await fetch(`${url}/hello`)).status)
    assert.ok(statuses.includes(429))
  })

  test('a type checker of a project with the oldest target reads no source of the gateway and reports nothing', async () => {
    const tsc = new URL('../../node_modules/typescript/bin/tsc', import.meta.url).pathname
    const strict = ['--target', 'es2022', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess']
    const { stdout } = await installed.run(process.execPath, tsc, ...strict, '--listFiles')
    const own = stdout.split('\n').filter(file => file.startsWith(installed.package))
    assert.ok(own.includes(join(installed.package, 'dist/src/index.d.ts')))
    assert.deepEqual(own.filter(file => !file.endsWith('.d.ts')), [])
  })

  test('the tests that init writes pass', async () => {
    await installed.run(process.execPath, '--test')
  })

  test('the stand-in services of the documentation run', async t => {
    const port = await freePort()
    writeFileSync(join(installed.project, 'mocks.yaml'), `
      server: { host: 127.0.0.1, port: 0, threads: 1 }
      admin: { port: 0 }
      mocks: { services: [{ service: users, name: users, port: ${port} }] }
      routes: [{ path: /users/*, target: http://127.0.0.1:${port} }]
    `)
    const { url } = await start(t, 'mocks.yaml')
    assert.equal((await fetch(`${url}/users/1`)).status, 200)
  })

  test('an error in a configuration has its place', async () => {
    const file = join(installed.project, 'broken.yaml')
    writeFileSync(file, 'routes: [{ path: /, respond: {}, polices: [] }]\n')
    await assert.rejects(installed.run('onedoor', 'check', file), { stderr: /broken\.yaml:1:34.*did you mean "policies"/ })
  })
})
