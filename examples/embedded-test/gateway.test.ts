/** Tests of gateway.yaml, without a port and without waiting: a stub stands in for the service, and the test advances the time. */

import assert from 'node:assert/strict'
import test from 'node:test'
import { stubUpstream, testGateway } from 'onedoor/testing'

const file = new URL('gateway.yaml', import.meta.url)
const member = { 'x-member': 'yes' }

test('members get what the service has, others do not reach it', async t => {
  const users = await stubUpstream(t)
  const door = await testGateway(t, file, { env: { USERS_URL: users.url } })
  users.respond({ body: { name: 'Ada' } })

  const response = await door.inject({ url: '/users/1', headers: member })
  assert.deepEqual(response.json(), { name: 'Ada' })
  assert.equal((await door.inject('/users/1')).json<{ detail: string }>().detail, 'send the header x-member')
  assert.deepEqual(users.requests.map(({ url }) => url), ['/users/1'])
})

test('a client gets five requests a minute', async t => {
  const users = await stubUpstream(t)
  const door = await testGateway(t, file, { env: { USERS_URL: users.url } })
  const status = async (remoteAddress: string): Promise<number> => {
    return (await door.inject({ url: '/users/1', headers: member, remoteAddress })).statusCode
  }

  for (let request = 0; request < 5; request++) assert.equal(await status('10.0.0.1'), 200)
  assert.equal(await status('10.0.0.1'), 429)
  assert.equal(await status('10.0.0.2'), 200)
  door.clock.advance('1m')
  assert.equal(await status('10.0.0.1'), 200)
})

test('a connection that breaks is tried again, and a service that fails is left alone', async t => {
  const users = await stubUpstream(t)
  const door = await testGateway(t, file, { env: { USERS_URL: users.url } })
  const status = async (): Promise<number> => (await door.inject({ url: '/users/1', headers: member })).statusCode

  users.respond({ fail: 'reset' }, 200)
  assert.equal(await status(), 200)
  users.respond(500, 500, 500)
  assert.deepEqual([await status(), await status(), await status()], [500, 500, 500])
  assert.equal(await status(), 503)
  assert.equal(users.requests.length, 5)
})
