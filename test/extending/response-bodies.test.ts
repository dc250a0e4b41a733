/** What plugins get of responses, and what they can make of them, does not depend on size, timing or origin. */

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { send } from '../helpers/client.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { startProject } from './project.ts'

const large = 'secret '.repeat(40_000)
const bodies = { empty: '', small: 'a secret', large } as const
const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync } as const

/** Serves `/empty`, `/small`, `/large` with or without a length, `/slow` in pieces, `/gzip` encoded and so on. */
async function startTarget (t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const [, name = '', how] = request.url!.split('/')
    response.setHeader('content-type', 'text/plain')
    if (name === 'slow') {
      response.write('a sec')
      setTimeout(() => response.end('ret'), 30)
    } else if (name === 'cut') {
      response.writeHead(200, { 'content-length': '100' }).write('a secret')
      setTimeout(() => response.destroy(), 30)
    } else if (name === 'broken') {
      response.setHeader('content-encoding', 'gzip').end('no gzip at all')
    } else if (name === 'unknown') {
      response.setHeader('content-encoding', 'magic').end('a secret')
    } else if (Object.hasOwn(codings, name)) {
      const bytes = codings[name as keyof typeof codings](how === 'large' ? large : 'a secret')
      response.writeHead(200, { 'content-encoding': name, 'content-length': bytes.length }).end(bytes)
    } else {
      const text = bodies[name as keyof typeof bodies]
      if (how === 'length') response.setHeader('content-length', text.length)
      else response.flushHeaders()
      response.end(text)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const files = {
  'kind.ts': `
import { Readable } from 'node:stream'
export default async function kind (app) {
  app.addHook('onSend', async (request, reply, payload) => {
    reply.header('x-kind', payload instanceof Readable ? 'stream' : Buffer.isBuffer(payload) ? 'buffer' : typeof payload)
  })
}`,
  'mask.ts': `
import { readResponseBody, Type } from 'onedoor'
export const config = { options: Type.Object({ decode: Type.Boolean({ default: false }), limit: Type.Integer({ default: 1e6 }) }) }
export default async function mask (app, { decode, limit }) {
  app.addHook('onSend', async (request, reply, payload) => {
    const body = await readResponseBody(reply, payload, limit, { decode })
    return body?.toString().replaceAll('secret', '******')
  })
}`,
  'look.ts': `
import { readResponseBody } from 'onedoor'
export default async function look (app) {
  app.addHook('onSend', async (request, reply, payload) => {
    const body = await readResponseBody(reply, payload, 1e6)
    reply.header('x-length', body?.length ?? 'none')
  })
}`,
  'stream.ts': `
import { Transform } from 'node:stream'
import { transformResponse, Type } from 'onedoor'
export const config = { options: Type.Object({ decode: Type.Boolean({ default: false }) }) }
export default async function stream (app, { decode }) {
  app.addHook('onSend', transformResponse(() => {
    let rest = ''
    return new Transform({
      transform (chunk, encoding, done) {
        const text = (rest + chunk).replaceAll('secret', '******')
        rest = text.slice(-5)
        done(null, text.slice(0, -5))
      },
      flush (done) { done(null, rest) }
    })
  }, { decode }))
}`,
  'swap.ts': `
import { Readable } from 'node:stream'
export default async function swap (app) {
  app.addHook('onSend', async (request, reply, payload) => Readable.from(['another ', 'body']))
}`,
  'own.ts': `
export default async function own (app) {
  app.get('/own/text', async () => 'a secret')
  app.get('/own/object', async () => ({ a: 'secret' }))
  app.get('/own/web', async () => new ReadableStream({ start (body) { body.enqueue(new TextEncoder().encode('a secret')); body.close() } }))
  app.get('/own/response', async () => new Response('a secret', { status: 201, headers: { 'x-own': 'yes' } }))
}`
} as const

const policies = `
  kind: { plugin: ./kind.ts }
  look: { plugin: ./look.ts }
  swap: { plugin: ./swap.ts }
  mask: { plugin: ./mask.ts }
  small: { plugin: ./mask.ts, limit: 100 }
  decodemask: { plugin: ./mask.ts, decode: true }
  decodesmall: { plugin: ./mask.ts, decode: true, limit: 1000 }
  stream: { plugin: ./stream.ts }
  decodestream: { plugin: ./stream.ts, decode: true }`

const names = [...policies.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name!)

async function start (t: TestContext, server = '{}'): Promise<TestGateway> {
  const target = await startTarget(t)
  return await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: ${server} }
plugins: [./own.ts]
policies: ${policies}
routes:
${names.flatMap(name => [
    `  - { path: "/${name}/target/*", target: "${target}", rewrite: "/\${params.*}", policies: [${name}] }`,
    `  - { path: /${name}/respond/empty, respond: { status: 200 }, policies: [${name}] }`,
    `  - { path: /${name}/respond/small, respond: { text: a secret }, policies: [${name}] }`,
    `  - { path: /${name}/respond/json, respond: { json: { a: secret } }, policies: [${name}] }`,
    `  - { path: /${name}/respond/204, respond: { status: 204 }, policies: [${name}] }`,
    `  - { path: /${name}/error, redirect: { to: /gone }, methods: [POST], policies: [${name}] }`,
    `  - { path: /${name}/error, target: "http://127.0.0.1:1", policies: [${name}] }`
  ]).join('\n')}
`, files)
}

const asked = ['empty', 'empty/length', 'small', 'small/length', 'large', 'large/length', 'slow']
const masked = (path: string): string => {
  if (path.startsWith('slow')) return 'a ******'
  return bodies[path.split('/')[0] as keyof typeof bodies].replaceAll('secret', '******')
}

test('bodies of responses', async t => {
  const { url } = await start(t, '[]')

  await t.test('a hook gets a stream of every response of a target, whatever its size, timing and method', async () => {
    for (const path of asked) {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${url}/kind/target/${path}`, { method })
        assert.equal(response.headers.get('x-kind'), 'stream', `${method} ${path}`)
        assert.equal(await response.text(), method === 'HEAD' ? '' : path === 'slow' ? 'a secret' : bodies[path.split('/')[0] as 'small'])
      }
    }
  })

  await t.test('it gets a text of a fixed response, a buffer of an error, and nothing where there is no body', async () => {
    for (const method of ['GET', 'HEAD']) {
      for (const [path, kind] of [
        ['respond/small', 'string'], ['respond/json', 'string'], ['respond/empty', 'undefined'], ['respond/204', 'undefined'],
        ['error', 'buffer']
      ] as const) assert.equal((await fetch(`${url}/kind/${path}`, { method })).headers.get('x-kind'), kind, `${method} ${path}`)
    }
  })

  for (const policy of ['mask', 'stream']) {
    await t.test(`${policy}: every body is changed, and framed by its new length`, async () => {
      for (const path of asked) {
        const { text, complete } = await send(url, `/${policy}/target/${path}`)
        assert.deepEqual([text, complete], [masked(path), true], path)
        const head = await fetch(`${url}/${policy}/target/${path}`, { method: 'HEAD' })
        assert.equal(head.status, 200)
        assert.equal(await head.text(), '')
      }
      assert.equal((await send(url, `/${policy}/respond/small`)).text, 'a ******')
      assert.equal((await send(url, `/${policy}/respond/json`)).text, '{"a":"******"}')
      assert.equal((await send(url, `/${policy}/respond/empty`)).text, '')
      assert.equal((await fetch(`${url}/${policy}/respond/204`)).status, 204)
      const error = await send(url, `/${policy}/error`)
      assert.deepEqual([error.status, (JSON.parse(error.text) as { code: string }).code], [502, 'connection-refused'])
    })
  }

  await t.test('a body that was only looked at is sent as it is', async () => {
    for (const path of asked) {
      const { text, headers } = await send(url, `/look/target/${path}`)
      const whole = path === 'slow' ? 'a secret' : bodies[path.split('/')[0] as 'small']
      assert.equal(text, whole)
      assert.equal(headers['x-length'], String(whole.length))
    }
    assert.equal((await fetch(`${url}/look/target/small/length`, { method: 'HEAD' })).headers.get('x-length'), 'none')
  })

  for (const policy of ['decodemask', 'decodestream']) {
    await t.test(`${policy}: a content coding is taken off`, async () => {
      for (const coding of Object.keys(codings)) {
        for (const [size, expected] of [['', 'a ******'], ['/large', large.replaceAll('secret', '******')]] as const) {
          const { text, headers } = await send(url, `/${policy}/target/${coding}${size}`)
          assert.equal(text, expected, coding + size)
          assert.equal(headers['content-encoding'], undefined)
        }
      }
      const unknown = await send(url, `/${policy}/target/unknown`)
      assert.deepEqual([unknown.status, (JSON.parse(unknown.text) as { code: string }).code], [502, 'malformed-response'])
      for (const path of asked) assert.equal((await send(url, `/${policy}/target/${path}`)).text, masked(path))
    })
  }

  await t.test('a body that is too large, cannot be decoded or breaks off is an error of the upstream', async () => {
    for (const [path, status, code] of [
      ['/small/target/large', 502, 'response-too-large'],
      ['/decodesmall/target/gzip/large', 502, 'response-too-large'],
      ['/decodemask/target/broken', 502, 'malformed-response'],
      ['/mask/target/cut', 502, 'response-cut']
    ] as const) {
      const { status: got, text } = await send(url, path)
      assert.deepEqual([got, (JSON.parse(text) as { code: string }).code], [status, code], path)
    }
  })

  await t.test('another stream that a hook returns is not framed by the length of the first', async () => {
    for (const path of asked) {
      const { text, complete } = await send(url, `/swap/target/${path}`)
      assert.deepEqual([text, complete], ['another body', true], path)
    }
  })
})

test('bodies of a plugin\'s own routes are changed as well', async t => {
  for (const policy of ['mask', 'stream']) {
    const { url } = await start(t, `[${policy}]`)
    for (const [path, expected] of [
      ['/own/text', 'a ******'], ['/own/object', '{"a":"******"}'], ['/own/web', 'a ******'], ['/own/response', 'a ******']
    ] as const) {
      const response = await fetch(url + path)
      assert.equal(await response.text(), expected, path)
      if (path === '/own/response') assert.deepEqual([response.status, response.headers.get('x-own')], [201, 'yes'])
    }
  }
})
