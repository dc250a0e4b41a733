/** Viewers of the stream without a network: what runs, and who may go on watching. */

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { LiveViewers, type Viewer } from '../../plugins/core/console/live-viewers.ts'

class Response extends EventEmitter {
  text = ''
  writableLength = 0
  writableEnded = false
  write (text: string): void {
    this.text += text
    this.emit('written')
  }

  end (): void {
    this.writableEnded = true
    this.emit('close')
  }

  destroy (): void {
    this.end()
  }
}

const nothing: Readonly<Record<string, unknown>> = { '/upstreams': [] }

const everything: Viewer['tables'] = new Set(['routes', 'upstreams', 'targetTraffic'])

function viewerOf (asked: string[], answers = nothing, tables = everything): { viewer: Viewer, response: Response } {
  const response = new Response()
  const ask = async (path: string): Promise<unknown> => {
    asked.push(path)
    return answers[path] ?? {}
  }
  return { viewer: { response: response as unknown as ServerResponse, tables, ask }, response }
}

async function written (response: Response): Promise<void> {
  if (response.text === '') await EventEmitter.once(response, 'written')
  // The look is over.
  await setImmediate()
}

test('nothing runs while nobody watches', async () => {
  const viewers = new LiveViewers(() => 5, { version: '1' })
  assert.equal(viewers.running, false)
  const { viewer, response } = viewerOf([], { '/upstreams': [{ name: 'users' }] })
  viewers.add(viewer)
  assert.equal(viewers.running, true)
  await written(response)
  const [, data] = /^event: snapshot\nid: 1\ndata: (.+)\n\n$/.exec(response.text)!
  assert.deepEqual(JSON.parse(data!), {
    sequence: 1,
    now: 5,
    about: { version: '1' },
    values: { gateway: {}, marks: [], problems: [] },
    tables: { threads: {}, threadTraffic: {}, upstreams: { users: { name: 'users' } }, targetTraffic: {}, routes: {}, policies: {} },
    seconds: []
  })
  response.end()
  assert.equal(viewers.running, false)
})

test('one look serves all viewers', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const viewers = new LiveViewers(() => 0, {})
  const asked: string[] = []
  const all = Array.from({ length: 3 }, () => viewerOf(asked))
  for (const { viewer } of all) viewers.add(viewer)
  await Promise.all(all.map(async ({ response }) => await written(response)))
  asked.length = 0
  for (const { response } of all) response.text = ''
  t.mock.timers.tick(1000)
  await Promise.all(all.map(async ({ response }) => await written(response)))
  assert.equal(asked.filter(path => path === '/upstreams').length, 1)
  assert.ok(all.every(({ response }) => response.text.startsWith('event: delta\n')))
  viewers.end()
})

test('a viewer that does not read is disconnected', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const viewers = new LiveViewers(() => 0, {})
  const { viewer, response } = viewerOf([])
  viewers.add(viewer)
  await written(response)
  response.writableLength = 2 * 1024 * 1024
  const closed = EventEmitter.once(response, 'close')
  t.mock.timers.tick(1000)
  await closed
  assert.equal(viewers.running, false)
})

test('a viewer gets the large tables that it wants; what no viewer wants is not read', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const viewers = new LiveViewers(() => 0, {})
  const asked: string[] = []
  const answers = { '/upstreams': [{ name: 'users' }], '/traffic?since=0&rows=': { policies: { few: {} } } }
  const small = viewerOf(asked, answers, new Set())
  viewers.add(small.viewer)
  await written(small.response)
  assert.deepEqual(asked.filter(path => path !== '/threads'), ['/readyz?verbose', '/traffic?since=0&rows='])
  assert.match(small.response.text, /"tables":\{"threads":\{\},"threadTraffic":\{\},"policies":\{"few":\{\}\}\}/)

  const large = viewerOf(asked, answers, new Set(['upstreams']))
  viewers.add(large.viewer)
  await written(large.response)
  assert.match(large.response.text, /^event: snapshot\nid: \d+\ndata: .*"upstreams":\{"users"/)
  assert.doesNotMatch(small.response.text, /upstreams/)
  viewers.end()
})
