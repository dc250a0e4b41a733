import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { withPorts, startGateway } from '../helpers/gateway.ts'
import { startRawTarget } from '../helpers/target.ts'

/** A service that takes connections and says nothing. */
const silent = (): void => {}

suite('what hangs at the start', () => {
  test('four issuers and twelve Redis side by side: the gateway starts and reloads, and routes without a token are served', async t => {
    const { url, port } = await startRawTarget(t, silent)
    const names = Array.from({ length: 4 }, (_, index) => index)
    const limits = Array.from({ length: 12 }, (_, index) => index)
    const yaml = `
policies:
${names.map(index =>
  `  jwt${index}: { plugin: jwt-auth, jwks: "${url}/${index}", issuer: a, audience: b, published: { timeout: 1s } }`).join('\n')}
${limits.map(index =>
  `  limit${index}: { plugin: rate-limiting, limit: 5/s, store: { redis: "redis://127.0.0.1:${port}/${index}" } }`).join('\n')}
routes:
  - { path: /free, respond: {} }
${names.map(index => `  - { path: /jwt${index}, respond: {}, policies: [jwt${index}] }`).join('\n')}
${limits.map(index => `  - { path: /limit${index}, respond: {}, policies: [limit${index}] }`).join('\n')}
`
    const before = performance.now()
    const door = await startGateway(t, yaml)
    const started = performance.now() - before
    assert.equal((await fetch(`${door.url}/free`)).status, 200)
    assert.equal((await fetch(`${door.url}/limit11`)).status, 200)
    assert.deepEqual(await door.gateway.reload('test'), { ok: true, problems: [] })
    t.diagnostic(`start ${started.toFixed(0)} ms, with the reload ${(performance.now() - before).toFixed(0)} ms`)
  })

  test('what does not come is not waited for longer than the bound, and is named', async t => {
    const door = await startGateway(
      t,
      'routes: [{ path: /, respond: {} }]',
      {
        files: {
          'moon.mjs': `export default async function ({ gateway }) {
            gateway.waitFor("the moon", new Promise(() => {}))
            gateway.waitFor("nothing", Promise.reject(new Error("away")))
          }`
        }
      }
    )
    door.write('plugins: [./moon.mjs]\nroutes: [{ path: /, respond: { text: new } }]')
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let done = false
    const reload = door.gateway.reload('test').finally(() => { done = true })
    while (!done) {
      t.mock.timers.tick(1000)
      await setImmediate()
    }
    t.mock.timers.reset()
    assert.deepEqual(await reload, { ok: true, problems: [] })
    assert.deepEqual((await door.logged(line => line['msg'] === 'serving before all plugins are ready'))['waiting'], ['the moon'])
    assert.equal(await (await fetch(door.url)).text(), 'new')
  })

  test('a plugin that never says that it is done is named, and what was built beside it is closed', async t => {
    const door = await startGateway(t, 'routes: [{ path: /, respond: {} }]', {
      files: {
        'endless.mjs': 'export default function (app, options, done) { globalThis.endless() }\n',
        'never.mjs': 'globalThis.never()\nawait new Promise(() => {})\nexport default async function () {}\n',
        'closing.mjs': 'export default async function (app) { app.addHook("onClose", async () => { app.gateway.env.closed() }) }\n'
      },
      env: { closed: (() => { closed++ }) as never }
    })
    let closed = 0
    const entered = Promise.withResolvers<void>()
    const loading = Promise.withResolvers<void>()
    Object.assign(globalThis, { endless: () => entered.resolve(), never: () => loading.resolve() })
    for (const [file, reached, problem] of [
      [
        'endless.mjs',
        entered.promise,
        'the plugin does not start: not done within 30 s: it may wait for something that does not come, or never call `done`'
      ],
      [
        'never.mjs',
        loading.promise,
        'plugin "./never.mjs" could not be loaded: not done within 30 s: it may wait for something that does not come'
      ]
    ] as const) {
      door.write(withPorts(`plugins: [./closing.mjs, ./${file}]\nroutes: [{ path: /, respond: {} }]\n`))
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const reload = door.gateway.reload('test')
      await reached
      t.mock.timers.tick(30_000)
      t.mock.timers.reset()
      const { ok, problems } = await reload
      assert.equal(ok, false)
      assert.ok(problems[0]!.includes(problem), problems[0])
      assert.match(problems[0]!, /gateway\.yaml:\d+:\d+/)
    }
    assert.equal(closed, 1)
    assert.equal((await fetch(door.url)).status, 200)
  })

  test('a start whose admin app fails closes everything', async t => {
    const closed: string[] = []
    const files = {
      'bad.mjs': `
export default async function (app) {
  app.addHook('onClose', async () => { app.gateway.env.closed('app') })
  app.gateway.resource({ kind: 'bad', key: '', create: () => 0, close: () => app.gateway.env.closed('resource') })
  app.gateway.admin.addHook('onClose', async () => { app.gateway.env.closed('admin') })
  app.gateway.admin.register(async () => { throw new Error('no admin') })
}`
    }
    await assert.rejects(
      startGateway(
        t,
        'plugins: [./bad.mjs]\nroutes: [{ path: /, respond: {} }]',
        { files, env: { closed: ((what: string) => closed.push(what)) as never } }
      ),
      /no admin/
    )
    assert.deepEqual(closed, ['app', 'admin', 'resource'])
  })

  for (const fails of [false, true]) {
    test(`a stop waits for what plugins close, one after the other, ${fails ? 'also after a failure' : 'whatever it takes'}`, async t => {
      const closed: string[] = []
      const files = {
        'slow.mjs': `
export default async function (app) {
  const slowly = (what, fails) => async () => {
    for (let tick = 0; tick < 20; tick++) await new Promise(setImmediate)
    app.gateway.env.closed(what)
    if (fails) throw new Error('cannot close')
  }
  app.addHook('onClose', slowly('app', ${fails}))
  app.gateway.resource({ kind: 'slow', key: '', create: () => 0, close: slowly('resource') })
  app.gateway.admin.addHook('onClose', slowly('admin', ${fails}))
}`
      }
      const door = await startGateway(
        t,
        'plugins: [./slow.mjs]\nroutes: [{ path: /, respond: {} }]',
        { files, env: { closed: ((what: string) => closed.push(what)) as never } }
      )
      await door.gateway.close(0)
      assert.deepEqual(closed, ['app', 'admin', 'resource'])
      const errors = door.logs.filter(({ msg }) => msg === 'error closing resource')
      assert.deepEqual(errors.map(({ err }) => (err as Error).message), fails ? ['cannot close', 'cannot close'] : [])
    })
  }

  for (const key of ['server', 'admin'] as const) {
    test(`a start whose ${key} port is taken closes everything`, async t => {
      const closed: string[] = []
      const files = {
        'own.mjs': 'export default async app => { app.addHook("onClose", async () => { app.gateway.env.closed("app") }) }'
      }
      const taken = await startRawTarget(t, silent)
      const ports = { server: 0, admin: 0, [key]: taken.port }
      const yaml = `server: { host: 127.0.0.1, port: ${ports.server} }\nadmin: { port: ${ports.admin} }\nplugins: [./own.mjs]\nroutes: ` +
        '[{ path: /, respond: {} }]'
      await assert.rejects(
        startGateway(t, yaml, { files, env: { closed: ((what: string) => closed.push(what)) as never } }),
        { code: 'EADDRINUSE' }
      )
      assert.deepEqual(closed, ['app'])
      // The previous owner still has it.
      const socket = connect(taken.port, '127.0.0.1')
      await new Promise(resolve => { socket.once('connect', resolve) })
      socket.destroy()
    })
  }
})
