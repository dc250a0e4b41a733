/** examples/custom-plugin does what its README says. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test, { type TestContext } from 'node:test'
import { systemClock } from '../../src/contract/clock.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { createLogger } from '../../src/logging/log.ts'
import { curl, curlCommands, fits } from '../examples/curl.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { users } from '../../mocks/users.ts'

const file = fileURLToPath(new URL('../../examples/custom-plugin/gateway.yaml', import.meta.url))

async function startExample (t: TestContext, env: Record<string, string> = {}, hour = 12): Promise<{
  url: string, gateway: Gateway, main: TestTarget, standIn: TestTarget
}> {
  const [main, standIn] = [await startTarget(t), await startTarget(t)]
  const gateway = new Gateway({
    file,
    env: { PORT: '0', ADMIN_PORT: '0', MOCKS: 'false', MAIN_URL: main.url, STAND_IN_URL: standIn.url, ...env },
    logger: createLogger({ level: 'silent', format: 'json' }),
    clock: { ...systemClock, wall: () => hour * 3_600_000 }
  })
  t.after(async () => { await gateway.close(0) })
  const { proxy } = await gateway.start()
  return { url: proxy.replace('0.0.0.0', '127.0.0.1'), gateway, main, standIn }
}

test('the stamp is on every answer of its routes, and members-only refuses who sends no x-member', async t => {
  const { url } = await startExample(t)
  const answer = await fetch(`${url}/users/1`)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('x-door'), 'stamped')

  const refused = await fetch(`${url}/club`)
  assert.equal(refused.status, 403)
  assert.equal(refused.headers.get('x-door'), 'stamped')
  assert.equal((await refused.json() as { detail: string }).detail, 'send the header x-member')
  assert.deepEqual(await (await fetch(`${url}/club`, { headers: { 'x-member': 'yes' } })).json(), { welcome: true })
})

test('the first target gets everything as long as it is there, the stand-in when it is not', async t => {
  const { url, main, standIn } = await startExample(t)
  for (let request = 0; request < 4; request++) await (await fetch(`${url}/users`)).text()
  assert.deepEqual([main.hits.length, standIn.hits.length], [4, 0])
  await main.close()
  assert.equal((await fetch(`${url}/users`)).status, 200)
  assert.equal(standIn.hits.length, 1)
})

test('outside business hours the upstream is closed, and Retry-After says when it opens', async t => {
  const { url, gateway } = await startExample(t, { OPENS: '08:00', CLOSES: '18:00' }, 20)
  const refused = await fetch(`${url}/users`)
  assert.equal(refused.status, 503)
  assert.equal(refused.headers.get('retry-after'), String(12 * 3600))
  const { decisions } = await gateway.explain({ method: 'GET', url: '/users' })
  assert.ok(decisions.some(({ by, why }) => by === 'business-hours' && why.includes('outside business hours')))
})

test('within business hours it is open', async t => {
  const { url } = await startExample(t, { OPENS: '08:00', CLOSES: '18:00' }, 17)
  assert.equal((await fetch(`${url}/users`)).status, 200)
})

test('business hours that end before they begin are refused', async t => {
  await assert.rejects(startExample(t, { OPENS: '18:00', CLOSES: '08:00' }), /must be later than `from`/)
})

test('the commands of its README print what the README says', async t => {
  const main = await users({ name: 'main' })
  t.after(async () => await main.close())
  const { url } = await startExample(t, { MAIN_URL: main.url })
  const readme = readFileSync(new URL('../../examples/custom-plugin/README.md', import.meta.url), 'utf8')
  const commands = curlCommands(readme.replaceAll('```shell-session', '```console'))
  assert.equal(commands.length, 3)
  for (const { text, output } of commands) {
    const lines = await curl(text.replace('localhost:8080', url))
    for (const shown of output) {
      assert.ok(lines.some(line => fits(line, shown)), `${text}\nprints no line "${shown}", but\n${lines.join('\n')}`)
    }
  }
})
