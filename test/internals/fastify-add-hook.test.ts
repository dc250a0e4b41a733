import assert from 'node:assert/strict'
import { test } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { interceptHooks } from '../../src/internals/fastify-add-hook.ts'

test('fastify 5.x: addHook of a scope can be replaced, and is what plugins and inner scopes call', async t => {
  const app = fastify()
  t.after(async () => { await app.close() })
  const ran: string[] = []
  const hook = (name: string) => async (): Promise<void> => { ran.push(name) }
  const taken: string[] = []
  const add = (name: string) => async (scope: FastifyInstance): Promise<void> => {
    scope.addHook('onSend', hook(name)).addHook('onRequest', hook(name))
  }
  const end = interceptHooks(app, name => name === 'onSend' && taken.push(name) > 0)
  await app.register(fp(add('plugin'), { encapsulate: false }))
  await app.register(async scope => {
    await add('inner')(scope)
    scope.get('/', async () => 'text')
  })
  end()
  await app.register(fp(add('after'), { encapsulate: false }))
  await app.inject('/')
  assert.deepEqual(taken, ['onSend'])
  assert.deepEqual(ran.toSorted(), ['after', 'after', 'inner', 'inner', 'plugin'])
})
