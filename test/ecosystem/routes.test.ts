/** Packages that add routes, read bodies or forward requests. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigRefused, readBody, type FastifyInstance } from '../../src/index.ts'
import { packaged, row } from './row.ts'

row('@fastify/static', 'works', async ({ t, upstream, start }) => {
  const root = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'page.html'), '<p>hello')
  const config = {
    plugins: [{ plugin: '@fastify/static', root, prefix: '/files/' }],
    routes: [{ path: '/api/*', target: upstream.url, public: true }]
  }
  const { url } = await start(config)
  const page = await fetch(`${url}/files/page.html`)
  assert.deepEqual([await page.text(), page.headers.get('content-type')], ['<p>hello', 'text/html; charset=utf-8'])
  assert.equal((await fetch(`${url}/files/none`)).status, 404)
  assert.equal((await fetch(`${url}/api/x`)).status, 200)
  await assert.rejects(start({ ...config, server: { requireAuth: true } }), (error: unknown) => {
    return error instanceof ConfigRefused && error.problems[0]!.pointer === '/plugins/0'
  }, 'its files are no way around requireAuth')
})

row('@fastify/swagger', 'works with this', async ({ upstream, start }) => {
  const page = async (app: FastifyInstance): Promise<void> => {
    const { swagger } = app as unknown as { readonly swagger: () => object }
    const schema: object = { tags: ['ours'] }
    app.get('/openapi.json', { schema }, async () => swagger())
  }
  const { url } = await start({
    plugins: [{ plugin: '@fastify/swagger', hideUntagged: true, openapi: { info: { title: 'Ours', version: '1' } } }, 'page'],
    routes: [{ path: '/api/*', target: upstream.url }]
  }, { plugins: { page } })
  const { info, paths } = await (await fetch(`${url}/openapi.json`)).json() as { info: object, paths: Record<string, { get: object }> }
  assert.deepEqual([info, Object.keys(paths)], [{ title: 'Ours', version: '1' }, ['/openapi.json']])
})

row('@fastify/formbody', 'use ours', async ({ upstream, start }) => {
  const form = async (app: FastifyInstance): Promise<void> => {
    app.post('/form', async ({ exchange, body }) => {
      return { parsed: typeof body, read: Object.fromEntries(new URLSearchParams((await readBody(exchange, 10_000)).toString())) }
    })
  }
  const { url } = await start({
    plugins: ['@fastify/formbody', 'form'],
    routes: [{ path: '/api/*', target: upstream.url }]
  }, { plugins: { form } })
  const sending = (): RequestInit => ({ method: 'POST', body: new URLSearchParams({ a: 'b c' }) })
  assert.deepEqual(await (await fetch(`${url}/form`, sending())).json(), { parsed: 'undefined', read: { a: 'b c' } })
  await fetch(`${url}/api/x`, sending())
  assert.equal(upstream.requests[0]!.body, 'a=b+c')
})

row('@fastify/multipart', 'use ours', async ({ upstream, start }) => {
  const form = async (app: FastifyInstance): Promise<void> => {
    app.post('/form', async ({ exchange, headers }) => {
      const bytes = await readBody(exchange, 10_000)
      const fields = await new Response(new Uint8Array(bytes), { headers: { 'content-type': headers['content-type']! } }).formData()
      const file = fields.get('file') as File
      return { name: file.name, text: await file.text() }
    })
  }
  const { url } = await start({
    plugins: ['@fastify/multipart', 'form'],
    routes: [{ path: '/api/*', target: upstream.url }]
  }, { plugins: { form } })
  const sending = (): RequestInit => {
    const fields = new FormData()
    fields.set('file', new Blob(['hello']), 'a.txt')
    return { method: 'POST', body: fields }
  }
  assert.deepEqual(await (await fetch(`${url}/form`, sending())).json(), { name: 'a.txt', text: 'hello' })
  await fetch(`${url}/api/x`, sending())
  assert.match(upstream.requests[0]!.body, /filename="a.txt"[^]*hello/)
})

row('@fastify/websocket', 'does not work', async ({ upstream, start }) => {
  const talk = async (app: FastifyInstance): Promise<void> => {
    await app.register(await packaged('@fastify/websocket'))
    app.get('/talk', { websocket: true } as never, ((socket: { send (text: string): void }) => socket.send('hello')) as never)
  }
  const { url } = await start({ plugins: ['talk'], routes: [{ path: '/api/*', target: upstream.url }] }, { plugins: { talk } })
  const socket = new WebSocket(`${url.replace('http', 'ws')}/talk`)
  await once(socket, 'error')
  assert.equal(socket.readyState, WebSocket.CLOSED)
})

row('@fastify/http-proxy', 'use ours', async ({ upstream, start }) => {
  const theirs = await start({
    plugins: [{ plugin: '@fastify/http-proxy', upstream: upstream.url, prefix: '/users' }],
    routes: [{ path: '/own', respond: {} }]
  })
  const ours = await start({ routes: [{ path: '/users/*', target: upstream.url, rewrite: '/${params.*}' }] })
  for (const { url } of [theirs, ours]) assert.equal((await fetch(`${url}/users/1?a=b`)).status, 200)
  assert.deepEqual(upstream.requests.map(({ url }) => url), ['/1?a=b', '/1?a=b'])
  const target = async ({ logged }: typeof ours): Promise<unknown> => (await logged(({ msg }) => msg === 'request completed'))['target']
  assert.deepEqual([await target(theirs), await target(ours)], [undefined, upstream.url], 'its requests know no target, breaker or retry')
})
