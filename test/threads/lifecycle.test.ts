/** Reloads, deaths and the end of a gateway with several threads, under load. `node bench/threads.ts` does the same many more times. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { launch } from '../cli/running.ts'
import { startThreads } from './threaded-gateway.ts'
import { askThread, load } from './under-load.ts'

test('a gateway with three threads', async t => {
  const gateway = await startThreads(t, 3)
  assert.deepEqual(gateway.started['threads'], { count: 3, why: 'as server.threads says' })

  await t.test('reloads under load lose nothing; each request sees one configuration, the newest that any client has seen', async () => {
    const clients = load(gateway.proxy, 12)
    await clients.more(30)
    for (let version = 2; version <= 6; version++) {
      assert.deepEqual(await gateway.reload(version), { ok: true, problems: [] })
      await clients.more(20)
    }
    const broken = await gateway.reloadText('routes: [')
    assert.equal(broken.ok, false)
    await clients.more(30)
    const partly = await gateway.reload(7, 'plugins: [./partly.mjs]\n')
    assert.equal(partly.ok, false)
    assert.match(partly.problems.join('\n'), /no third thread/)
    await clients.more(30)
    assert.equal((await gateway.reload(8)).ok, true)
    await clients.more(30)
    await clients.stop()
    const { answered: _, threads, ...wrong } = clients.figures
    assert.deepEqual(wrong, { mixed: 0, outdated: 0, statuses: [], losses: [] })
    assert.ok(threads.size > 1, 'several threads have served')
    assert.equal(await gateway.active(), 0)
  })

  await t.test('a thread that dies costs its own connections, its counts are given back, and another one takes its place', async () => {
    const clients = load(gateway.proxy, 12)
    await clients.more(30)
    let requests = await gateway.metric('gateway_requests_total')
    for (const [thread, way] of [[3, '/exit'], [2, '/throw']] as const) {
      const before = clients.figures.losses.length
      await askThread(gateway.proxy, way, thread).catch(() => {})
      assert.equal((await gateway.line('a thread has died'))['thread'], thread)
      assert.equal((await gateway.line('a thread was replaced'))['thread'], thread)
      await clients.more(30)
      const lost = clients.figures.losses.slice(before)
      assert.deepEqual(lost.filter(loss => loss.thread !== undefined && loss.thread !== String(thread)), [])
      const now = await gateway.metric('gateway_requests_total')
      assert.ok(now >= requests, `${now} requests after ${requests}`)
      requests = now
    }
    assert.equal((await gateway.reload(9)).ok, true)
    await clients.more(30)
    await clients.stop()
    const { mixed, outdated, statuses } = clients.figures
    assert.deepEqual({ mixed, outdated, statuses }, { mixed: 0, outdated: 0, statuses: [] })
    assert.equal(await gateway.active(), 0)
  })

  await t.test('a thread that hangs is reported, and replaced where the file says so', async () => {
    await Promise.race([askThread(gateway.proxy, '/hang', 2), gateway.line('a thread is silent')]).catch(() => {})
    assert.equal((await gateway.line('a thread has died'))['thread'], 2)
    assert.equal((await gateway.line('a thread was replaced'))['thread'], 2)
    assert.equal(await gateway.active(), 0)
  })

  await t.test('one thread serves a Unix socket, and so does the thread that takes its place', async () => {
    assert.equal(await overSocket(gateway.cwd), '200 1')
    await askThread(gateway.proxy, '/exit', 1).catch(() => {})
    await gateway.line('a thread was replaced')
    assert.equal(await overSocket(gateway.cwd), '200 1')
  })

  await t.test('a second gateway on its port does not start', async () => {
    const port = Number(new URL(gateway.proxy).port)
    const yaml = `server: { host: 127.0.0.1, port: ${port}, threads: 2 }\nadmin: { port: 0 }\nroutes: [{ path: /, respond: {} }]`
    const second = launch(t, { 'gateway.yaml': yaml }, 'start')
    assert.deepEqual(await second.ended, [1, null])
    assert.match(await second.complaints, new RegExp(`port ${port}|:${port}`))
    assert.equal((await fetch(`${gateway.proxy}/service`)).status, 200)
  })

  await t.test('S2-160 SIGTERM under load lets every request finish that has begun, and ends with status 0', async () => {
    const before = gateway.target.hits.length
    const clients = load(gateway.proxy, 12)
    await clients.more(30)
    gateway.child.kill('SIGTERM')
    assert.deepEqual(await gateway.ended, [0, null])
    await clients.stop()
    // A connection that nobody has accepted yet, or that is closed while it is idle, loses a request that nobody has read.
    assert.equal(gateway.target.hits.length - before, clients.figures.answered)
    assert.deepEqual(clients.figures.statuses, [])
  })
})

/** Status and thread of a response over the Unix socket. */
async function overSocket (folder: string): Promise<string> {
  const outgoing = request({ socketPath: join(folder, 'gateway.sock'), path: '/service', agent: false })
  outgoing.end()
  const [response] = await once(outgoing, 'response') as [IncomingMessage]
  response.resume()
  return `${response.statusCode} ${String(response.headers['x-thread'])}`
}
