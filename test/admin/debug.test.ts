/** Profiles from the admin listener. */

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test, type TestContext } from 'node:test'
import { once } from 'node:events'
import { checkAdmin } from '../../plugins/core/admin/check.ts'
import { Profiles } from '../../plugins/core/admin/profiles.ts'
import { alone, type Threads } from '../../src/contract/threads.ts'
import { defaultConfig } from '../helpers/config.ts'
import { startGateway } from '../helpers/gateway.ts'
import { linkedHoldings } from '../threads/linked.ts'

const token = 'nobody-guesses-this-token'
const headers = { authorization: `Bearer ${token}` }

async function debugged (t: TestContext, debug = true) {
  const { admin } = await startGateway(t, `admin: { port: 0, token: ${token}, debug: ${debug} }\nroutes: [{ path: /, respond: {} }]\n`)
  const post = async (path: string, given: Record<string, string> = headers) => await fetch(admin + path, {
    method: 'POST',
    headers: given
  })
  const detail = async (path: string): Promise<unknown> => {
    const response = await post(path)
    return [response.status, (await response.json() as { detail?: string }).detail]
  }
  return { admin, post, detail }
}

test('a CPU profile is one that DevTools read, and needs the token', async t => {
  const { post, detail } = await debugged(t)
  assert.equal((await post('/debug/cpu', {})).status, 401)
  assert.equal((await post('/debug/cpu', { ...headers, origin: 'https://evil.example' })).status, 403)
  const response = await post('/debug/cpu?seconds=1&thread=0')
  assert.match(response.headers.get('content-disposition')!, /^attachment; filename="thread-0\.cpuprofile"$/)
  const { nodes, samples, timeDeltas } = await response.json() as { nodes: object[], samples: number[], timeDeltas: number[] }
  assert.ok(nodes.length > 0 && samples.length === timeDeltas.length)
  assert.deepEqual(await detail('/debug/cpu?seconds=61'), [400, '`seconds` must be an integer from 1 to 60'])
  assert.deepEqual(await detail('/debug/cpu?seconds=x'), [400, '`seconds` must be an integer from 1 to 60'])
  assert.deepEqual(await detail('/debug/heap?thread=1'), [400, '`thread` must be 0'])
})

test('there is one profile at a time, until it is done or its client has left', async t => {
  const { admin, post, detail } = await debugged(t)
  const first = request(`${admin}/debug/heap`, { method: 'POST', headers }).on('error', () => {})
  first.end()
  await once(first, 'response')
  assert.deepEqual(await detail('/debug/cpu'), [409, 'another profile is being taken'])
  first.destroy()
  while ((await post('/debug/cpu?seconds=1')).status !== 200);
})

test('a CPU profile ends with its client', async t => {
  const profiles = new Profiles()
  t.after(async () => await profiles.close())
  const left = new AbortController()
  const first = profiles.cpu(alone, 0, 60_000, left.signal)
  await assert.rejects(profiles.cpu(alone, 0, 1, left.signal), /another profile is being taken/)
  left.abort()
  assert.equal(await first, undefined)
  assert.match((await profiles.cpu(alone, 0, 1, new AbortController().signal))!, /"nodes":/)
})

test('a thread that has gone does not respond, and the next profile can be taken', async t => {
  const profiles = new Profiles()
  t.after(async () => await profiles.close())
  const { links, join } = linkedHoldings(t)
  const { link } = join()
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  link.answer('profile', async () => {
    asked.resolve()
    await answer.promise
  })
  const threads: Threads = { role: 'control', number: 0, count: 1, toThreads: links }
  const taken = assert.rejects(profiles.cpu(threads, 1, 1, new AbortController().signal), /thread 1 does not respond/)
  await asked.promise
  // What the link of a thread does when it ends.
  answer.reject(new Error('it has ended'))
  await taken
  await assert.rejects(profiles.heap(threads, 2), /thread 2 does not respond/)
  assert.match((await profiles.cpu(threads, 0, 1, new AbortController().signal))!, /"nodes":/)
})

test('without admin.debug there is none', async t => {
  const { post } = await debugged(t, false)
  assert.equal((await post('/debug/cpu')).status, 404)
})

test('admin.debug needs a token also where only this machine reaches the listener', () => {
  const problems = (admin: object): string[] => {
    const found: string[] = []
    const config = defaultConfig()
    checkAdmin({ ...config, admin: { ...config.admin, ...admin } }, ({ pointer, message }) => found.push(`${pointer} ${message}`))
    return found
  }
  assert.match(problems({ debug: true }).join(), /^\/admin\/debug .*needs admin\.token$/)
  assert.deepEqual(problems({ debug: true, token }), [])
  assert.deepEqual(problems({ debug: true, enabled: false }), [])
})
