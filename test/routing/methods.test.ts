/** Which methods a route takes is decided once: what `explain` says is what happens. */

import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'

const served = METHODS.filter(method => method !== 'CONNECT' && method !== 'TRACE')

test('every method of the parser reaches a route without `methods`, with its body; elsewhere it is a 405 with Allow', async t => {
  const target = await startTarget(t, (_request, response) => { response.end() })
  const { url, gateway } = await startGateway(t, `
routes:
  - { path: /all/*, target: "${target.url}" }
  - { path: /some, methods: [GET, PROPFIND], target: "${target.url}" }
`)
  const ask = async (method: string, path: string, body = '') => await exchangeBytes(
    t,
    url,
    `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`
  )
  for (const method of METHODS) {
    if (method === 'CONNECT') continue
    const all = await ask(method, '/all/x', method === 'GET' || method === 'HEAD' || method === 'TRACE' ? '' : 'body')
    const hit = target.hits.at(-1)
    if (method === 'TRACE') assert.equal(all.status, 405)
    else assert.deepEqual(
      [all.status, hit?.method, hit?.url, hit?.body.toString()],
      [200, method, '/all/x', method === 'GET' || method === 'HEAD' ? '' : 'body'],
      method
    )

    const some = await ask(method, '/some')
    const takes = ['GET', 'HEAD', 'PROPFIND'].includes(method)
    assert.equal(some.status, takes ? 200 : method === 'OPTIONS' ? 204 : 405, method)
    if (!takes && method !== 'TRACE') {
      assert.equal(some.headers['allow']?.[0], method === 'OPTIONS' ? 'GET, HEAD, OPTIONS, PROPFIND' : 'GET, HEAD, PROPFIND', method)
    }

    for (const [path, live] of [['/all/x', all], ['/some', some]] as const) {
      const { outcome, candidates } = await gateway.explain({ method, url: path })
      assert.equal(outcome.status, live.status, `explain ${method} ${path}`)
      if (method !== 'TRACE') assert.equal(candidates[0]?.verdict === 'chosen', outcome.forwards !== undefined, `explain ${method} ${path}`)
    }
  }
})

test('policies, and Fastify itself, see the method of the client', async t => {
  const { url } = await startGateway(t, `
policies: { seeing: { plugin: ./seeing.ts } }
routes: [{ path: /, respond: { text: body }, policies: [seeing] }]
`, { files: { 'seeing.ts': `
async function seeing (app) {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-seen', request.method + ' ' + request.raw.method + ' ' + request.url)
    done()
  })
}
seeing[Symbol.for('skip-override')] = true
export default seeing
` } })
  for (const method of served) {
    const { headers, text } = await exchangeBytes(t, url, `${method} /?a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    assert.deepEqual([headers['x-seen'], text], [[`${method} ${method} /?a`], method === 'HEAD' ? '' : 'body'], method)
  }
})

test('OPTIONS * lists them all', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  const { status, headers } = await exchangeBytes(t, url, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  assert.deepEqual([status, headers['allow']], [204, [served.join(', ')]])
})

test('a method that the parser does not know is a 400', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  assert.equal((await exchangeBytes(t, url, 'BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).status, 400)
})

test('a preflight and what is asked for it are one decision', async t => {
  const { gateway } = await startGateway(t, `
policies: { pages: { plugin: cors, origins: ["https://a.example"] } }
routes: [{ path: /x, methods: [PUT], respond: {}, policies: [pages] }]
`)
  const headers = { origin: 'https://a.example', 'access-control-request-method': 'PUT' }
  const { outcome, candidates, route } = await gateway.explain({ method: 'OPTIONS', url: '/x', headers })
  assert.deepEqual([outcome.status, route, candidates.map(({ verdict }) => verdict)], [204, '/x', ['chosen']])
})
