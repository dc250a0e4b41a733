import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fastify from 'fastify'
import { schemaController } from '../../src/internals/fastify-schema-compilers.ts'

test('an app with the lazy compilers validates and serializes like one without', async t => {
  const results = await Promise.all([{}, { schemaController }].map(async options => {
    const app = fastify(options)
    t.after(() => app.close())
    const properties = { n: { type: 'integer', default: 4 }, name: {} }
    const body = { type: 'object', properties, required: ['name'], additionalProperties: false }
    const response = { 200: { type: 'object', properties: { n: { type: 'integer' }, name: { type: 'string' } } } }
    app.post('/', { schema: { body, response } }, async request => ({ ...request.body as object, secret: 1 }))
    const sent = [{ name: 'a' }, { name: 'a', n: '7', more: true }, {}, { name: 'a', n: 'x' }]
    return await Promise.all(sent.map(async payload => (await app.inject({ method: 'POST', url: '/', payload })).body))
  }))
  assert.deepEqual(results[1], results[0])
  assert.equal(results[0]![0], '{"n":4,"name":"a"}')
})

test('an app without schemas loads no compiler', () => {
  const program = `
    import { createRequire } from 'node:module'
    import fastify from 'fastify'
    import { schemaController } from './src/internals/fastify-schema-compilers.ts'
    const app = fastify({ schemaController })
    app.get('/', async () => 'x')
    await app.ready()
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    console.log(loaded.filter(file => /ajv|fast-json-stringify.(?!lib)/.test(file)).join())`
  const cwd = new URL('../../', import.meta.url)
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd }).toString(), '\n')
})
