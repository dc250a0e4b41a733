/**
 * The table of response stages: what a target may respond with, and what plugins may do to it. A stage, and an `onSend`
 * hook in its place, come to the same for the client.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { setImmediate as tick } from 'node:timers/promises'
import { readAnswers } from '../attack/answers.ts'
import { startProject } from '../extending/project.ts'
import { begin, headOf, send } from '../helpers/client.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startRawTarget, startService } from '../helpers/target.ts'

const large = 'a'.repeat(200_000)
const chunked = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n'
const trailers = 'X-Sum: 1\r\nX-Other: 2\r\n'

/** What a target responds with; `text` is the body that it has. */
const responses = {
  'whole': { target: 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello', text: 'hello' },
  'whole, in chunks': { target: `${chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`, text: 'hello' },
  'empty': { target: 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', text: '' },
  'streamed': { target: `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${large.length}\r\n\r\n${large}`, text: large },
  'streamed, in chunks': { target: `${chunked}${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`, text: large },
  'whole with trailers': { target: `${chunked}5\r\nhello\r\n0\r\n${trailers}\r\n`, text: 'hello', trailing: true },
  'streamed with trailers': {
    target: `${chunked}${large.length.toString(16)}\r\n${large}\r\n0\r\n${trailers}\r\n`,
    text: large,
    trailing: true
  },
  'HEAD': { method: 'HEAD', target: 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\n', text: undefined },
  '204': { target: 'HTTP/1.1 204 No Content\r\n\r\n', text: undefined, status: 204 },
  '304': { target: 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\ncontent-length: 5\r\n\r\n', text: undefined, status: 304 }
} as const

/** What a policy does; each sets `x-stage`, and the name of the policy is `mine`. */
const stages: Readonly<Record<string, {
  readonly source: string,
  readonly upper?: boolean,
  readonly seen?: boolean,
  readonly ended?: boolean
}>> = {
  'no stage': { source: '' },
  'fields': { source: 'app.addHook("onSend", responseStage({ fields }))' },
  'a transform': { source: 'app.addHook("onSend", responseStage({ fields, transform }))', upper: true },
  'a tee': { source: 'app.addHook("onSend", responseStage({ fields, tee }))', seen: true },
  'a tee and a transform': { source: 'app.addHook("onSend", responseStage({ fields, tee, transform }))', upper: true, seen: true },
  'an end': { source: 'app.addHook("onSend", responseStage({ fields, end }))', ended: true },
  'everything beside a hook': {
    source: 'app.addHook("onSend", responseStage({ fields, tee, transform, end })); app.addHook("onSend", async () => {})',
    upper: true,
    seen: true,
    ended: true
  },
  'a hook': { source: 'app.addHook("onSend", async ({ exchange }, reply) => { fields(exchange, reply) })' }
}

const policy = (source: string): string => `
import { Transform } from 'node:stream'
import { responseStage } from 'onedoor'
const fields = (exchange, reply) => { reply.header('x-stage', reply.getHeader('x-stage') === undefined ? 'once' : 'twice') }
const tee = ({ id }) => {
  let bytes = 0
  return { chunk: chunk => { bytes += chunk.length }, end: () => { seen.push({ id, bytes }) } }
}
const transform = () => new Transform({
  transform (chunk, _encoding, done) { done(null, '<' + chunk.toString('latin1').toUpperCase() + '>') }
})
const end = (exchange, trailers) => { trailers.push(['x-added', 'yes']) }
const seen = globalThis.seenByStages ??= []
export const config = {}
export default async function stage (app) { ${source} }
`

/** What the tees of this process have seen. */
const seen = (globalThis as unknown as { seenByStages: { id: string, bytes: number }[] }).seenByStages = []

async function read (t: TestContext, { url }: TestGateway, method: string): Promise<ReturnType<typeof readAnswers>['final'][0]> {
  const socket = await open(t, url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(`${method} /row HTTP/1.1\r\nhost: a\r\nconnection: close\r\nte: trailers\r\n\r\n`)
  await once(socket, 'close')
  const { final, faults } = readAnswers(Buffer.concat(chunks).toString('latin1'), [method], true)
  assert.deepEqual(faults, [])
  return final[0]!
}

for (const [responseName, response] of Object.entries(responses)) {
  for (const [stageName, stage] of Object.entries(stages)) {
    test(`${responseName}: ${stageName}`, async t => {
      const target = await startRawTarget(t, socket => socket.on('data', () => socket.write(response.target)))
      const gateway = await startProject(t, `
policies: { mine: { plugin: ./stage.ts } }
routes: [{ path: '/*', target: ${target.url}, policies: [mine] }]
`, { 'stage.ts': policy(stage.source) })
      const before = seen.length
      const { status, body, complete, fields, trailers: got } = await read(t, gateway, 'method' in response ? response.method : 'GET')
      const field = (name: string): string | undefined => fields.find(([key]) => key === name)?.[1]
      assert.deepEqual([status, complete], ['status' in response ? response.status : 200, true])
      assert.equal(field('x-stage'), stageName === 'no stage' ? undefined : 'once')
      const { text } = response
      const trailing = 'trailing' in response
      if (text === undefined) {
        assert.equal(field('content-length'), responseName === '204' ? undefined : '5')
        assert.equal(seen.length, before)
        return
      }
      assert.equal(stage.upper === true ? body.replaceAll(/[<>]/g, '') : body, stage.upper === true ? text.toUpperCase() : text)
      if (stage.upper === true) assert.equal(field('content-length'), undefined)
      if (responseName === 'whole' || responseName === 'streamed') {
        assert.equal(field('content-length'), stage.upper === true ? undefined : String(text.length))
      }
      assert.deepEqual(seen.slice(before).map(({ bytes }) => bytes), stage.seen === true ? [text.length] : [])
      const added = stage.ended === true && field('transfer-encoding') === 'chunked' ? [['x-added', 'yes']] : []
      assert.deepEqual(got, [...trailing ? [['x-sum', '1'], ['x-other', '2']] : [], ...added])
    })
  }
}

test('responses of the gateway itself meet the stages of their route, and those of the server also where there is no route', async t => {
  const gateway = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [everywhere] }
policies: { everywhere: { plugin: ./fields.ts }, mine: { plugin: ./stage.ts } }
routes:
  - { path: /said, respond: { text: hello }, policies: [mine] }
  - { path: /empty, respond: { status: 200 }, policies: [mine] }
  - { path: /gone, target: "http://127.0.0.1:1", policies: [mine] }
`, { 'stage.ts': policy(stages['a tee and a transform']!.source), 'fields.ts': policy(stages['fields']!.source) })
  const before = seen.length
  const said = await fetch(`${gateway.url}/said`)
  assert.deepEqual([await said.text(), said.headers.get('x-stage')], ['<HELLO>', 'twice'])
  const empty = await fetch(`${gateway.url}/empty`)
  assert.deepEqual([await empty.text(), empty.headers.get('x-stage')], ['', 'twice'])
  assert.deepEqual(seen.slice(before).map(({ bytes }) => bytes), [5, 0])
  const gone = await fetch(`${gateway.url}/gone`)
  assert.deepEqual([gone.status, gone.headers.get('x-stage')], [502, 'twice'])
  assert.match(await gone.text(), /CONNECTION-REFUSED/)
  assert.equal((await fetch(`${gateway.url}/none`)).headers.get('x-stage'), 'once')
})

test('several stages run inside out: the innermost transforms first, and each tee sees the body as it comes to its stage', async t => {
  const target = await startRawTarget(t, socket => socket.on('data', () => socket.write(responses.whole.target)))
  const gateway = await startProject(t, `
policies: { a: { plugin: ./wrap.ts }, b: { plugin: ./wrap.ts } }
routes: [{ path: '/*', target: ${target.url}, policies: [a, b] }]
`, {
    'wrap.ts': `
import { Transform } from 'node:stream'
import { responseStage } from 'onedoor'
export const config = {}
export default async function wrap (app, { policy }) {
  app.addHook('onSend', responseStage({
    tee: () => ({ chunk: chunk => globalThis.seenByStages.push(policy + ' ' + chunk) }),
    transform: () => new Transform({ transform (chunk, _encoding, done) { done(null, policy + '(' + chunk + ')') } })
  }))
}
`
  })
  const before = seen.length
  assert.equal((await send(gateway.url, '/')).text, 'a(b(hello))')
  assert.deepEqual(seen.slice(before), ['b hello', 'a b(hello)'])
})

/** A policy with one stage, and what a client of a long response gets. */
async function startStage (t: TestContext, stage: string, response: string = responses.streamed.target): Promise<TestGateway> {
  const target = await startRawTarget(t, socket => socket.on('data', () => socket.write(response)))
  return await startProject(t, `
policies: { mine: { plugin: ./stage.ts } }
routes: [{ path: '/*', target: ${target.url}, policies: [mine] }]
`, {
    'stage.ts': `
import { PassThrough, Transform } from 'node:stream'
import { responseStage } from 'onedoor'
export const config = {}
export default async function stage (app) { app.addHook('onSend', responseStage({ ${stage} })) }
`
  })
}

test('memory of a long body is freed although it is observed, and kept where it goes through a transform', async t => {
  const kept = (globalThis as unknown as { keptByStages: Buffer[] }).keptByStages = []
  const tee = 'tee: () => ({ chunk: chunk => globalThis.keptByStages.push(chunk) })'
  const observed = await startStage(t, tee)
  assert.equal((await send(observed.url, '/')).text, large)
  assert.ok(kept.some(({ length }) => length === 0))
  kept.length = 0
  const passed = await startStage(t, `${tee}, transform: () => new PassThrough()`)
  assert.equal((await send(passed.url, '/')).text, large)
  assert.ok(kept.length > 0 && kept.every(({ length }) => length > 0))
})

test('an observer that throws is logged once, and the response is whole', async t => {
  for (const response of [responses.streamed, responses.whole]) {
    const gateway = await startStage(t, 'tee: () => ({ chunk () { throw new Error("no more") } })', response.target)
    assert.equal((await send(gateway.url, '/')).text, response.text)
    assert.equal(gateway.logs.filter(({ msg }) => msg === 'a plugin failed').length, 1)
  }
})

test('a stage whose fields throw is a 500, and one whose end throws is logged', async t => {
  const thrown = await startStage(t, 'fields (exchange) { if (exchange.reason === undefined) throw new Error("broken") }')
  assert.equal((await send(thrown.url, '/')).status, 500)
  const ended = await startStage(t, 'end () { throw new Error("broken") }')
  assert.equal((await send(ended.url, '/')).text, large)
  assert.equal(ended.logs.filter(({ msg }) => msg === 'a plugin failed').length, 1)
})

test('a transform that fails cuts the response, and the log says why', async t => {
  const gateway = await startStage(
    t,
    'transform: () => new Transform({ transform (chunk, _encoding, done) { done(new Error("cannot")) } })'
  )
  assert.equal((await send(gateway.url, '/')).complete, false)
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.equal(line['code'], 'plugin-error')
  assert.match((await send(gateway.admin, '/metrics')).text, /^gateway_upstream_attempts_total\{.*outcome="ignored".*\} 1$/m)
})

test('a slow client slows its target down, behind a tee and transforms too', async t => {
  const block = Buffer.alloc(64 * 1024, 'a')
  const total = 640 * block.length
  let written = 0
  const target = await startService(t, (_request, response) => {
    const more = (): void => {
      while (written < total) {
        written += block.length
        if (!response.write(block)) {
          response.once('drain', more)
          return
        }
      }
      response.end()
    }
    more()
  })
  const { url } = await startProject(t, `
policies: { a: { plugin: ./stage.ts }, b: { plugin: ./stage.ts } }
routes: [{ path: '/*', target: ${target.url}, policies: [a, b] }]
`, {
    'stage.ts': policy(`const transform = () => new Transform({ transform (chunk, _, done) { done(null, chunk) } })
      app.addHook("onSend", responseStage({ tee, transform }))`)
  })
  const response = await headOf(begin(url, '/').end())
  for (let count = 0; count < 500; count++) await tick()
  let read = 0
  let ahead = 0
  for await (const chunk of response) {
    ahead = Math.max(ahead, written - read)
    read += (chunk as Buffer).length
  }
  assert.equal(read, total)
  // What the kernel's buffers of two connections and the gateway may hold.
  assert.ok(ahead < 24 * 1024 * 1024, `${ahead} bytes ahead`)
})

test('a transform is destroyed when its client leaves, and the target is not read on', async t => {
  const destroyed = new Promise<void>(resolve => { Object.assign(globalThis, { transformDestroyed: resolve }) })
  const gateway = await startStage(
    t,
    'transform: () => new PassThrough({ destroy (error, done) { globalThis.transformDestroyed(); done(error) } })',
    `HTTP/1.1 200 OK\r\ncontent-length: ${100 * large.length}\r\n\r\n${large}`
  )
  const socket = await open(t, gateway.url)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(socket, 'data')
  socket.destroy()
  await destroyed
  assert.equal((await gateway.logged(({ msg }) => msg === 'request completed'))['code'], 'client-closed')
})

test('a body that a target cuts is cut behind a transform too', async t => {
  const target = await startRawTarget(t, socket => socket.on('data', () => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${2 * large.length}\r\n\r\n${large}`)
  }))
  const gateway = await startProject(t, `
policies: { mine: { plugin: ./stage.ts } }
routes: [{ path: '/*', target: ${target.url}, policies: [mine] }]
`, { 'stage.ts': policy(stages['a transform']!.source) })
  assert.equal((await send(gateway.url, '/')).complete, false)
  assert.equal((await gateway.logged(({ msg }) => msg === 'request completed'))['code'], 'response-cut')
})
