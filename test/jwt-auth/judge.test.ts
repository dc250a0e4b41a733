/** How often a token is verified, and what becomes of one whose key left or whose keys cannot be fetched. */

import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { compileJudge } from '../../plugins/policies/jwt-auth/judge.ts'
import type { VerifyingKey } from '../../plugins/policies/jwt-auth/key-source.ts'
import type { Verified } from '../../plugins/policies/jwt-auth/verifier.ts'
import { VerifiedTokenCache } from '../../plugins/policies/jwt-auth/verified-token-cache.ts'
import type { Verdict } from '../../src/contract/authentication.ts'
import type { GatewayApi } from '../../src/contract/gateway-api.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { ServiceUnavailable } from '../../src/service/service-unavailable.ts'
import { localClient } from '../helpers/local-client.ts'
import { jwtOptions, wall } from './door.ts'
import { good, secret, token } from './keys.ts'

const text = token()

/** A policy with keys that the test plays. A key verifies every token, unless it is given an error. */
function setUp () {
  const held = new Set<VerifyingKey>()
  let verified = 0
  let later: Promise<readonly VerifyingKey[]> | undefined
  const memory = new VerifiedTokenCache<Verified>(10)
  const judge = compileJudge(
    { config: { server: { name: 'door' } }, clock: { wall: () => wall }, rehearsal: false } as unknown as GatewayApi,
    {
      keys: { search: () => later ?? [...held], knows: () => true, holds: key => held.has(key) },
      memory,
      ready: Promise.resolve(),
      close () {}
    },
    jwtOptions({ secret })
  )
  const addKey = (error?: Error): VerifyingKey => {
    const key: VerifyingKey = {
      kid: undefined,
      key: 'k',
      algorithms: ['HS256'],
      verify () {
        verified++
        if (error !== undefined) throw error
        return good
      }
    }
    held.add(key)
    return key
  }
  const raw = { url: '/', method: 'GET', rawHeaders: ['Authorization', `Bearer ${text}`], headers: {} } as unknown as IncomingMessage
  const ask = (): Verdict | Promise<Verdict> =>
    judge({ raw, exchange: new HttpExchange(raw, 0, localClient, '127.0.0.1') } as unknown as FastifyRequest)
  return { held, addKey, ask, memory, verified: () => verified, searchLater: (keys: typeof later) => { later = keys } }
}

const refusalOf = (verdict: Verdict): [code: string, why: string] => {
  assert.ok(!verdict.admitted)
  const { error, why } = verdict
  return [error.reason.code, why]
}

test('a signature is verified once, however often its token comes', async () => {
  const { addKey, ask, verified } = setUp()
  addKey()
  for (let request = 0; request < 3; request++) assert.equal((await ask()).admitted, true)
  assert.equal(verified(), 1)
})

test('a token whose key has left is verified again, and is kept no more when no key verifies it', async () => {
  const { held, addKey, ask, memory, verified } = setUp()
  const first = addKey()
  await ask()
  held.delete(first)
  addKey()
  assert.equal((await ask()).admitted, true)
  assert.equal(verified(), 2)
  held.clear()
  assert.deepEqual(refusalOf(await ask()), ['invalid-token', 'no key verifies it'])
  assert.equal(memory.size, 0)
})

test('every key is tried until one verifies; the reason of the last is told, unless it has no code', async () => {
  const { addKey, ask, verified } = setUp()
  addKey(Object.assign(new Error('first'), { code: 'ONE' }))
  addKey(Object.assign(new Error('second'), { code: 'TWO' }))
  assert.deepEqual(refusalOf(await ask()), ['invalid-token', 'TWO: second'])
  addKey(new Error(`it holds ${text}`))
  assert.deepEqual(refusalOf(await ask()), ['invalid-token', 'the token cannot be verified'])
  addKey()
  assert.equal((await ask()).admitted, true)
  assert.equal(verified(), 2 + 3 + 4)
})

test('keys that cannot be fetched are no fault of the token, and an unexpected error is passed on', async () => {
  const { ask, searchLater } = setUp()
  searchLater(Promise.reject(new ServiceUnavailable('away')))
  assert.deepEqual(refusalOf(await ask()), ['identity-unavailable', 'away'])
  searchLater(Promise.reject(new RangeError('a bug')))
  await assert.rejects(async () => await ask(), RangeError)
})
