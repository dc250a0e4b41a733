import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { banner } from '../../src/cli/banner.ts'
import { sizesOf } from '../../src/cli/sizes.ts'
import { trials } from '../../src/cli/trials.ts'
import { startGateway } from '../helpers/gateway.ts'

const secret = 'onedoor-development-secret-for-tests'
const yaml = (key: string): string => `
policies:
  login: { plugin: jwt-auth, secret: ${key}, scopes: [read] }
  few: { plugin: rate-limiting, limit: 2/h, key: global }
routes:
  - { path: /mine/:id, respond: { json: {} }, policies: [login] }
  - { path: /posts, methods: [POST], respond: {} }
  - { path: /limited/*, headers: { x-version: it's 2 }, respond: {}, policies: [few] }
  - { path: /open, respond: {} }
`

async function lines (t: TestContext, text: string): Promise<{ commands: string[], proxy: string, text: string }> {
  const { admin, gateway, url } = await startGateway(t, text)
  const io = { stdin: process.stdin, stdout: { write: () => {} }, stderr: { write: () => {} }, env: {}, cwd: '/' }
  const tries = await trials(gateway, { listeners: [url], file: 'gateway.yaml' }, io)
  const { config, warnings } = gateway.loaded
  const threads = { count: 2, why: 'for 2 cores' }
  const facts = { version: '1.2.3', file: 'gateway.yaml', listeners: [url], admin, console: config.console.enabled, threads }
  const all = banner({ ...facts, ...sizesOf(config), warnings, tries }, io)
  return { commands: tries.map(({ command }) => command), proxy: url, text: all.join('\n') }
}

suite('the banner', () => {
  test('says what runs, from which file and where', async t => {
    const { text, proxy } = await lines(t, `upstreams: { idle: { targets: ["http://127.0.0.1:1"] } }\n${yaml(secret)}`)
    assert.match(text, /onedoor 1\.2\.3 {3}node \d+\.\d+\.\d+ {3}pid \d+ {3}gateway\.yaml \(4 routes · 1 upstream · 2 policies\)/)
    assert.match(text, /^ {2}2 threads for 2 cores$/m)
    assert.ok(text.includes(`➜ proxy   ${proxy}`))
    assert.match(text, /! upstream "idle" is used by no route {3}\(.*gateway\.yaml:3\)/)
  })

  test('says that the admin listener has a console, where it has one', async t => {
    const routes = 'routes: [{ path: /, respond: {} }]'
    const [has, none] = [await lines(t, routes), await lines(t, `console: { enabled: false }\n${routes}`)]
    assert.match(has.text, /➜ admin {3}http:\S+ {3}open it in a browser · \/readyz/)
    assert.match(none.text, /➜ admin {3}http:\S+ {3}\/readyz/)
  })

  test('offers lines to paste that fit the configuration: open, behind a login, into a limit', async t => {
    const { commands, proxy } = await lines(t, yaml(secret))
    const base = proxy.replace('127.0.0.1', 'localhost')
    const [open, guarded, limited] = commands
    assert.equal(open, `curl -i -H 'x-version: it'\\''s 2' ${base}/limited`)
    assert.match(guarded!, new RegExp(`^curl -i -H 'Authorization: Bearer [\\w-]+\\.[\\w-]+\\.[\\w-]+' ${base}/mine/1$`))
    assert.equal(
      limited,
      `for i in 1 2 3 4 5; do curl -s -o /dev/null -w '%{http_code}\\n' -H 'x-version: it'\\''s 2' ${base}/limited; done`
    )
  })

  test('the token it shows is let through, and the limit it shows is hit', async t => {
    const { commands, proxy } = await lines(t, yaml(secret))
    const authorization = /Authorization: (Bearer [^']+)/.exec(commands[1]!)![1]!
    assert.equal((await fetch(`${proxy}/mine/1`, { headers: { authorization } })).status, 200)
    const statuses: number[] = []
    for (let turn = 0; turn < 5; turn++) statuses.push((await fetch(`${proxy}/limited`, { headers: { 'x-version': "it's 2" } })).status)
    assert.equal(statuses[0], 200)
    assert.equal(statuses.at(-1), 429)
  })

  test('a secret that is not for development signs nothing that is shown', async t => {
    const { commands } = await lines(t, yaml('8J2vXq0mB7nZ4tLc9RkE5wYs1UaHdPfG'))
    assert.match(commands[1]!, /"Authorization: Bearer \$\(npx onedoor token login\)"/)
  })
})
