/** The last requests, as the admin listener tells them: what is kept, found, shown and kept secret. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestView } from '../../plugins/core/console/requests-view.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { send } from '../helpers/client.ts'
import { eventually } from '../helpers/eventually.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

type Story = RequestView & {
  readonly policies: readonly { name: string, plugin: string, verdict?: string }[]
  readonly traceUrl?: string
  readonly help?: string
  readonly words: readonly string[]
  readonly spans: readonly { name: string, level: number, start: number, duration: number }[]
}

async function ask<T> (url: string): Promise<T> {
  const response = await fetch(url)
  assert.equal(response.status, 200, url)
  return await response.json() as T
}

/** The requests that a query finds, once there are as many as expected: an exchange ends a moment after its client has the response. */
async function list (admin: string, query: string, expected: number): Promise<readonly (RequestView & { traceUrl?: string })[]> {
  let requests: readonly RequestView[] = []
  await eventually(async () => {
    requests = (await ask<{ requests: readonly RequestView[] }>(`${admin}/requests${query}`)).requests
    return requests.length === expected
  })
  return requests
}

test('requests are listed with the newest first, and found by status, reason, route, upstream and id', async t => {
  const target = await startTarget(t, (request, response) => { response.writeHead(request.url === '/u/bad' ? 500 : 200).end('hello') })
  const { url, admin } = await startGateway(t, `
upstreams: { users: { targets: ["${target.url}"], retry: { attempts: 1 } } }
routes: [{ path: /u/*, upstream: users, name: users }, { path: /fixed, respond: { status: 204 } }]
`)
  for (const [at, path] of ['/u/1', '/fixed', '/u/bad', '/nowhere'].entries()) {
    await send(url, path, { headers: { 'x-request-id': `r-${at}` } })
    await list(admin, '', at + 1)
  }
  const found = async (query: string, ids: string[]): Promise<void> => {
    assert.deepEqual((await list(admin, query, ids.length)).map(({ id }) => id), ids, query)
  }
  await found('', ['r-3', 'r-2', 'r-1', 'r-0'])
  await found('?limit=2', ['r-3', 'r-2'])
  await found('?status=4xx', ['r-3'])
  await found('?status=500,404', ['r-3', 'r-2'])
  await found('?status=204&status=200', ['r-1', 'r-0'])
  await found('?reason=upstream-error', ['r-2'])
  await found('?route=users', ['r-2', 'r-0'])
  await found('?route=(none)', ['r-3'])
  await found('?upstream=users&status=2xx', ['r-0'])
  await found('?id=r-1', ['r-1'])
  const [first] = await list(admin, '?id=r-0', 1)
  const { method, path, route, status, upstream, bytesOut, clientIp, protocol } = first!
  assert.deepEqual([method, path, route, status, upstream, first!.target], ['GET', '/u/1', 'users', 200, 'users', target.url])
  assert.deepEqual([bytesOut, clientIp, protocol], [5, '127.0.0.1', 'HTTP/1.1'])
  assert.deepEqual([first!.attempts.length, first!.generation, first!.thread], [1, 1, undefined])
})

test('a query that asks for something else is refused with what would be right', async t => {
  const { admin } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  for (const [query, detail] of [
    ['status=4', /`status` must be a status such as 500 or a class such as 4xx/],
    ['limit=501', /`limit` must be an integer from 1 to 500/],
    ['state=1', /there is no parameter `state`; there are status, reason, route/],
    ['id=a&id=b', /`id` is given more than once/]
  ] as const) {
    const response = await fetch(`${admin}/requests?${query}`)
    assert.equal(response.status, 400)
    assert.match((await response.json() as { detail: string }).detail, detail)
  }
  assert.equal((await fetch(`${admin}/requests/none`)).status, 404)
})

test('the story of a request that was retried says where each attempt went, and how long each part took', async t => {
  const [dead, alive] = [await startTarget(t), await startTarget(t)]
  const { url, admin } = await startGateway(t, `
console: { traceUrl: "https://jaeger.example/trace/{traceId}" }
upstreams: { users: { targets: ["${dead.url}", "${alive.url}"], balance: round-robin, retry: { attempts: 2, backoff: { base: 5ms } } } }
routes: [{ path: /*, upstream: users }]
`)
  await dead.close()
  const traceparent = (flags: string): string => `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`
  for (const id of ['one/x', 'two']) await send(url, '/a', { headers: { 'x-request-id': id, traceparent: traceparent('01') } })
  await send(url, '/a', { headers: { 'x-request-id': 'unsampled', traceparent: traceparent('00') } })
  await list(admin, '', 3)
  const stories = await Promise.all(['one%2Fx', 'two'].map(async id => await ask<Story>(`${admin}/requests/${id}`)))
  const story = stories.find(({ attempts }) => attempts.length === 2)!
  const [failed, good] = story.attempts
  assert.deepEqual([failed!.target, failed!.kind, failed!.failure, failed!.status], [dead.url, 'first', 'connection-refused', undefined])
  assert.deepEqual([good!.target, good!.kind, good!.failure, good!.status], [alive.url, 'retry', undefined, 200])
  assert.match(story.words[1]!, new RegExp(`^The first attempt at ${dead.url} failed after .* ms: connection-refused\\.$`))
  assert.match(story.words[2]!, new RegExp(`^A retry at ${alive.url}(?:, .* ms later,)? answered 200 after .* ms\\.$`))
  const top = story.spans.filter(({ level }) => level < 2)
  // A pause may be too short to be seen.
  const parts = top.map(({ name }) => name).filter(name => name !== 'after' && name !== 'pause')
  assert.deepEqual(parts, ['request', 'before', 'attempt', 'attempt'])
  for (const { start, duration } of story.spans) assert.ok(start >= 0 && duration >= 0 && start + duration <= story.durationMs + 0.01)
  assert.equal(story.traceUrl, 'https://jaeger.example/trace/4bf92f3577b34da6a3ce929d0e0e4736')
  assert.equal((await ask<Story>(`${admin}/requests/unsampled`)).traceUrl, undefined)
})

test('a request that a policy refused says which one, why, and what that means', async t => {
  const { url, admin } = await startGateway(t, `
policies: { inside: { plugin: ip-filter, allow: [10.0.0.0/8] } }
routes: [{ path: /*, respond: {}, policies: [inside] }]
`)
  await send(url, '/a', { headers: { 'x-request-id': 'mine' } })
  await list(admin, '?reason=forbidden', 1)
  const story = await ask<Story>(`${admin}/requests/mine`)
  assert.deepEqual([story.status, story.reason, story.fault, story.policy], [403, 'forbidden', 'client', 'inside'])
  assert.equal(story.words[1], 'The policy inside refused it: forbidden.')
  assert.match(story.help!, /refused the request/)
})

test('the policies of a request are those of the configuration that served it', async t => {
  const yaml = (policies: string): string => `
policies: { inside: { plugin: ip-filter, allow: [127.0.0.1] }, outside: { plugin: ip-filter, allow: [10.0.0.0/8] } }
routes: [{ path: /*, respond: {}, policies: [${policies}] }]
`
  const { url, admin, write } = await startGateway(t, yaml('inside, outside'))
  await send(url, '/a', { headers: { 'x-request-id': 'before' } })
  await list(admin, '', 1)
  write(yaml('inside'))
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST' })).status, 200)
  await send(url, '/a', { headers: { 'x-request-id': 'after' } })
  await list(admin, '', 2)
  const inside = { name: 'inside', plugin: 'ip-filter', verdict: 'passed' }
  const [before, after] = [await ask<Story>(`${admin}/requests/before`), await ask<Story>(`${admin}/requests/after`)]
  assert.deepEqual(before.policies, [inside, { name: 'outside', plugin: 'ip-filter', verdict: 'refused' }])
  assert.deepEqual(before.words.slice(1, 3), ['It passed the policy inside.', 'The policy outside refused it: forbidden.'])
  assert.deepEqual(after.policies, [inside])
})

test('a failure is still there when more requests than are kept have gone well since, also over a reload', async t => {
  const yaml = (kept: number): string => `
console: { requests: ${kept} }
routes: [{ path: /, respond: {} }]
`
  const { url, admin, write } = await startGateway(t, yaml(3))
  await send(url, '/nowhere')
  for (let index = 0; index < 8; index++) await send(url, '/')
  const found = await list(admin, '', 4)
  assert.deepEqual(found.map(({ status }) => status), [200, 200, 200, 404])
  write(yaml(2))
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST' })).status, 200)
  await send(url, '/')
  const left = await list(admin, '', 3)
  assert.deepEqual(left.map(({ status, generation }) => [status, generation]), [[200, 2], [200, 1], [404, 1]])
})

test('nothing is kept and there is no route with requests: 0, and none with enabled: false', async t => {
  for (const setting of ['requests: 0', 'enabled: false']) {
    const { url, admin } = await startGateway(t, `console: { ${setting} }\nroutes: [{ path: /, respond: {} }]`)
    await send(url, '/')
    assert.equal((await fetch(`${admin}/requests`)).status, 404)
    assert.equal((await fetch(`${admin}/requests/any`)).status, 404)
  }
})

const canary = 'canary-sings'

test('secrets of requests are not shown: no header value, no query unless the log has it, and then without its secrets', async t => {
  const asked = `/a?page=2&token=${canary}&private=${canary}`
  const secrets = { authorization: `Bearer ${canary}`, cookie: `a=${canary}`, 'x-api-key': canary, 'user-agent': canary }
  const headers = { ...secrets, 'x-request-id': 'one' }
  const told = async (yaml: string): Promise<{ text: string, story: Story }> => {
    const { url, admin } = await startGateway(t, `${yaml}\nroutes: [{ path: /*, respond: {} }]`)
    await send(url, asked, { headers })
    await list(admin, '', 1)
    const story = await ask<Story>(`${admin}/requests/one`)
    return { text: JSON.stringify([await ask(`${admin}/requests`), story]), story }
  }
  const plain = await told('')
  assert.doesNotMatch(plain.text, /canary/)
  assert.deepEqual([plain.story.path, plain.story.query], ['/a', undefined])

  const queried = await told('logging: { redact: ["query:private"] }\naccessLog: { fields: { include: [query] } }')
  assert.doesNotMatch(queried.text, /canary/)
  assert.equal(queried.story.query, 'page=2&token=[redacted]&private=[redacted]')

  const hidden = await told('logging: { redact: [client] }\naccessLog: { fields: { exclude: [path], rename: { clientIp: client } } }')
  assert.deepEqual([hidden.story.path, hidden.story.clientIp], [undefined, '[redacted]'])
  assert.doesNotMatch(hidden.text, /127\.0\.0\.1|"\/a/)
})

test('what a reload hides or leaves out is not shown of requests before it either', async t => {
  const yaml = (settings: string): string => `${settings}\nroutes: [{ path: /*, respond: {} }]`
  const { url, admin, write } = await startGateway(t, yaml('accessLog: { fields: { include: [query] } }'))
  await send(url, `/a?page=2&private=${canary}`)
  assert.equal((await list(admin, '', 1))[0]!.query, `page=2&private=${canary}`)
  const shownAfter = async (settings: string): Promise<(string | undefined)[]> => {
    write(yaml(settings))
    assert.equal((await fetch(`${admin}/reload`, { method: 'POST' })).status, 200)
    const [one] = await list(admin, '', 1)
    return [one!.path, one!.query]
  }
  const stricter = 'logging: { redact: ["query:private"] }\naccessLog: { fields: { include: [query], exclude: [path] } }'
  assert.deepEqual(await shownAfter(stricter), [undefined, 'page=2&private=[redacted]'])
  assert.deepEqual(await shownAfter(''), ['/a', undefined])
})

test('an address of traces without a place for the id, with credentials, or that is no web address is refused', async t => {
  for (const [traceUrl, why] of [
    ['https://jaeger.example/trace', /has \{traceId\} in it/],
    ['javascript:alert({traceId})', /leads to http:\/\/ or https:\/\//],
    ['https://me:secret@jaeger.example/{traceId}', /carries no credentials/],
    ['https://{traceId}.example/', /not in the host/],
    ['jaeger/{traceId}', /no URL/]
  ] as const) {
    await assert.rejects(startGateway(t, `console: { traceUrl: "${traceUrl}" }\nroutes: [{ path: /, respond: {} }]`), (error: unknown) => {
      assert.ok(error instanceof ConfigRefused)
      assert.match(error.problems[0]!.message, why)
      assert.equal(error.problems[0]!.pointer, '/console/traceUrl')
      return true
    })
  }
})

test('requests of all threads are in one list, and the story of one is found in whatever thread it ended', async t => {
  const { url, admin } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, threads: 2 }
accessLog: { enabled: false }
routes: [{ path: /, respond: {} }]
`, { threaded: true })
  const ids = Array.from({ length: 24 }, (_, index) => `r-${index}`)
  for (const id of ids) await send(url, '/', { headers: { 'x-request-id': id, connection: 'close' } })
  const found = await list(admin, '', ids.length)
  assert.deepEqual(new Set(found.map(({ id }) => id)), new Set(ids))
  assert.deepEqual(new Set(found.map(({ thread }) => thread)), new Set([1, 2]))
  for (const { id, thread } of [found.find(one => one.thread === 1)!, found.find(one => one.thread === 2)!]) {
    const story = await ask<Story>(`${admin}/requests/${id}`)
    assert.deepEqual([story.id, story.thread, story.status], [id, thread, 200])
  }
  assert.equal((await list(admin, '?limit=5', 5)).length, 5)
})
