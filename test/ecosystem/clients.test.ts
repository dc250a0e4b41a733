/** Packages that know, limit or reject clients. */

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { ConfigRefused, hashPassword, type FastifyInstance } from '../../src/index.ts'
import { packaged, row } from './row.ts'

row('@fastify/rate-limit', 'use ours', async ({ start }) => {
  const statuses = async (policy: object): Promise<number[]> => {
    const config = { policies: { twice: policy }, routes: [{ path: '/', respond: {}, policies: ['twice'] }] }
    const { url, reload } = await start(config)
    const found = []
    for (let request = 0; request < 3; request++) found.push((await fetch(url)).status)
    await reload({ ...config, routes: [...config.routes, { path: '/new', respond: {} }] })
    return [...found, (await fetch(url)).status]
  }
  const theirs = await statuses({ plugin: '@fastify/rate-limit', max: 2, timeWindow: '1 minute' })
  assert.deepEqual(theirs, [200, 200, 429, 200], 'its counts begin anew with every reload')
  assert.deepEqual(await statuses({ plugin: 'rate-limiting', limit: '2/m', key: 'ip' }), [200, 200, 429, 429])
})

row('@fastify/under-pressure', 'use ours', async ({ start }) => {
  const { url, logged } = await start({
    policies: { loaded: { plugin: '@fastify/under-pressure', maxHeapUsedBytes: 1, sampleInterval: 1 } },
    routes: [{ path: '/', respond: {}, policies: ['loaded'] }]
  })
  let response = await fetch(url)
  while (response.status !== 503) response = await fetch(url)
  assert.equal(response.headers.get('retry-after'), '10')
  assert.equal((await logged(({ msg, status }) => msg === 'request completed' && status === 503))['fault'], 'plugin')
  const ours = await start({ overload: { eventLoopDelay: '1s' }, routes: [{ path: '/', respond: {}, priority: 'critical' }] })
  assert.equal((await fetch(ours.url)).status, 200)
})

row('@fastify/basic-auth', 'use ours', async ({ start }) => {
  const sending = (password: string): RequestInit => ({ headers: { authorization: `Basic ${btoa(`ann:${password}`)}` } })
  const routes = [{ path: '/', respond: {}, policies: ['users'] }]
  await assert.rejects(
    start({ policies: { users: { plugin: '@fastify/basic-auth' } }, routes }),
    /\/policies\/users {2}the plugin does not start: .*validate function/,
    'the function that it needs cannot be written in YAML'
  )
  const own = async (app: FastifyInstance): Promise<void> => {
    await app.register(await packaged('@fastify/basic-auth'), {
      authenticate: true,
      validate: async (_user: string, password: string) => { if (password !== 'right') throw new Error('wrong') }
    } as never)
    app.addHook('onRequest', (app as unknown as { basicAuth: never }).basicAuth)
  }
  const ours = { plugin: 'basic-auth', users: { ann: await hashPassword('right', randomBytes(16)) } }
  for (const [users, options] of [[{ plugin: 'own' }, { plugins: { own } }], [ours, {}]] as const) {
    const { url } = await start({ policies: { users }, routes }, options)
    const statuses = [await fetch(url), await fetch(url, sending('wrong')), await fetch(url, sending('right'))].map(({ status }) => status)
    assert.deepEqual(statuses, [401, 401, 200])
  }
})

row('@fastify/bearer-auth', 'use ours', async ({ start }) => {
  const config = {
    policies: { keys: { plugin: '@fastify/bearer-auth', keys: ['a-secret-key'] } },
    routes: [{ path: '/', respond: {}, policies: ['keys'] }]
  }
  const { url } = await start(config)
  assert.equal((await fetch(url)).status, 401)
  assert.equal((await fetch(url, { headers: { authorization: 'Bearer a-secret-key' } })).status, 200)
  await assert.rejects(start({ ...config, server: { requireAuth: true } }), (error: unknown) => {
    return error instanceof ConfigRefused && error.message.includes('no policy authenticates the clients of this route')
  }, 'requireAuth cannot know that it authenticates')
})

row('@fastify/cookie', 'works with this', async ({ upstream, start }) => {
  const tenant = async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request, reply) => {
      const { cookies } = request as unknown as { readonly cookies: Readonly<Record<string, string | undefined>> }
      reply.header('x-tenant', cookies['tenant'] ?? 'none')
    })
  }
  const { url } = await start({
    policies: { cookies: { plugin: '@fastify/cookie' }, tenant: { plugin: 'tenant' } },
    routes: [{ path: '/*', target: upstream.url, policies: ['cookies', 'tenant'] }]
  }, { plugins: { tenant } })
  assert.equal((await fetch(url, { headers: { cookie: 'tenant=acme' } })).headers.get('x-tenant'), 'acme')
  assert.equal((await fetch(url)).headers.get('x-tenant'), 'none')
  assert.equal(upstream.requests[0]!.headers.cookie, 'tenant=acme')
})

row('@fastify/session', 'works with this', async ({ upstream, start }) => {
  const visits = async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request, reply) => {
      const { session } = request as unknown as { session: { visits?: number } }
      session.visits = (session.visits ?? 0) + 1
      reply.header('x-visits', String(session.visits))
    })
  }
  const config = {
    policies: {
      cookies: { plugin: '@fastify/cookie' },
      sessions: { plugin: '@fastify/session', secret: 'a secret of at least thirty-two characters', cookie: { secure: false } },
      visits: { plugin: 'visits' }
    },
    routes: [{ path: '/*', target: upstream.url, policies: ['cookies', 'sessions', 'visits'] }]
  }
  const { url, reload } = await start(config, { plugins: { visits } })
  const first = await fetch(url)
  const headers = { cookie: first.headers.get('set-cookie')!.split(';')[0]! }
  assert.equal((await fetch(url, { headers })).headers.get('x-visits'), '2')
  await reload({ ...config, routes: [...config.routes, { path: '/new', respond: {} }] })
  assert.equal((await fetch(url, { headers })).headers.get('x-visits'), '1', 'its memory is lost at a reload: give it a store')
})

row('@fastify/csrf-protection', 'works with this', async ({ upstream, start }) => {
  const own = async (app: FastifyInstance): Promise<void> => {
    await app.register(await packaged('@fastify/csrf-protection'))
    const { csrfProtection } = app as unknown as { readonly csrfProtection: (...hook: unknown[]) => void }
    app.addHook('onRequest', (request, reply, done) => {
      if (request.method !== 'GET') return csrfProtection.call(app, request, reply, done)
      reply.header('x-csrf-token', (reply as unknown as { generateCsrf (): string }).generateCsrf())
      done()
    })
  }
  const { url } = await start({
    policies: { cookies: { plugin: '@fastify/cookie' }, csrf: { plugin: 'own' } },
    routes: [{ path: '/*', target: upstream.url, policies: ['cookies', 'csrf'] }]
  }, { plugins: { own } })
  const page = await fetch(url)
  const cookie = page.headers.get('set-cookie')!.split(';')[0]!
  const post = async (token: string): Promise<number> => {
    return (await fetch(url, { method: 'POST', headers: { cookie, 'x-csrf-token': token }, body: 'x' })).status
  }
  assert.deepEqual([await post('forged'), await post(page.headers.get('x-csrf-token')!)], [403, 200])
  assert.deepEqual(upstream.requests.map(({ method, body }) => method + body), ['GET', 'POSTx'])
})
