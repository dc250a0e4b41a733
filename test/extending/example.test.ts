/** examples/custom-plugin does what its README says. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test, { type TestContext } from 'node:test'
import { stubUpstream, testClock, testGateway, type StubUpstream, type TestGateway } from '../../src/testing/index.ts'
import { curl, curlCommands, fits } from '../examples/curl.ts'
import { users } from '../../mocks/users.ts'

const example = new URL('../../examples/custom-plugin/', import.meta.url)

async function startExample (t: TestContext, env: Record<string, string> = {}, hour = 12): Promise<TestGateway & {
  main: StubUpstream, standIn: StubUpstream
}> {
  const [main, standIn] = [await stubUpstream(t), await stubUpstream(t)]
  const door = await testGateway(t, new URL('gateway.yaml', example), {
    env: { MOCKS: 'false', MAIN_URL: main.url, STAND_IN_URL: standIn.url, ...env },
    clock: testClock(new Date(hour * 3_600_000)),
    listen: true
  })
  return { ...door, main, standIn }
}

test('the stamp is on every response of its routes, and members-only rejects requests without x-member', async t => {
  const { inject } = await startExample(t)
  const stamped = await inject('/users/1')
  assert.deepEqual([stamped.statusCode, stamped.headers['x-door']], [200, 'stamped'])

  const refused = await inject('/club')
  assert.deepEqual([refused.statusCode, refused.headers['x-door']], [403, 'stamped'])
  assert.equal(refused.json<{ detail: string }>().detail, 'send the header x-member')
  assert.deepEqual((await inject({ url: '/club', headers: { 'x-member': 'yes' } })).json(), { welcome: true })
})

test('the first target gets everything as long as it is there, the stand-in when it is not', async t => {
  const { inject, main, standIn } = await startExample(t)
  for (let request = 0; request < 4; request++) await inject('/users')
  assert.deepEqual([main.requests.length, standIn.requests.length], [4, 0])
  await main.close()
  assert.equal((await inject('/users')).statusCode, 200)
  assert.equal(standIn.requests.length, 1)
})

test('outside business hours the upstream is closed, and Retry-After says when it opens', async t => {
  const { inject, explain, clock } = await startExample(t, { OPENS: '08:00', CLOSES: '18:00' }, 20)
  const refused = await inject('/users')
  assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [503, String(12 * 3600)])
  const { decisions } = await explain({ method: 'GET', url: '/users' })
  assert.ok(decisions.some(({ by, why }) => by === 'business-hours' && why.includes('outside business hours')))
  clock.advance('12h')
  assert.equal((await inject('/users')).statusCode, 200)
})

test('business hours that end before they begin are refused', async t => {
  await assert.rejects(startExample(t, { OPENS: '18:00', CLOSES: '08:00' }), /must be later than `from`/)
})

test('the commands of its README print what the README says', async t => {
  const main = await users({ name: 'main' })
  t.after(async () => await main.close())
  const { url } = await startExample(t, { MAIN_URL: main.url })
  const readme = readFileSync(new URL('README.md', example), 'utf8')
  const commands = curlCommands(readme.replaceAll('```shell-session', '```console'))
  assert.equal(commands.length, 3)
  for (const { text, output } of commands) {
    const lines = await curl(text.replace('localhost:8080', url))
    for (const shown of output) {
      assert.ok(lines.some(line => fits(line, shown)), `${text}\nprints no line "${shown}", but\n${lines.join('\n')}`)
    }
  }
})
