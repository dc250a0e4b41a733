/** What an operator sees of a gateway with several threads: one log, one stream of events, and each thread by its number. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type Line, launchGateway } from '../cli/running.ts'
import { send } from '../helpers/client.ts'
import { freePort } from '../helpers/target.ts'

/** A plugin whose routes say in which thread they run. */
const plugin = `
export default async function noisy (app) {
  const { events, threads } = app.gateway
  let lines = 0
  const learned = []
  const task = app.gateway.task({
    kind: 'noisy',
    key: 'events',
    start: publish => ({ stop () {}, answer: publish }),
    learn: event => { learned.push(event.message) }
  })
  events.subscribe(event => {
    void task.ask(event)
    if (event.message === 'emitted') {
      events.emit({ type: 'plugin', plugin: 'noisy', message: 'heard', data: { by: threads.number, from: event.thread } })
    }
  })
  app.get('/noisy/line', async request => {
    for (let index = 0; index < 5; index++) request.log.info({ thread: threads.number, line: lines++ }, 'noisy')
    return { thread: threads.number }
  })
  app.get('/noisy/emit', async () => {
    events.emit({ type: 'plugin', plugin: 'noisy', message: 'emitted' })
    return { thread: threads.number }
  })
  app.get('/noisy/state', async () => ({
    thread: threads.number,
    level: app.log.level,
    learned,
    recent: events.recent().map(({ number, message }) => [number, message])
  }))
  app.get('/noisy/work', async () => {
    const until = performance.now() + 20
    while (performance.now() < until) hardWork()
    return { thread: threads.number }
  })
  app.get('/noisy/die', async request => {
    setImmediate(() => {
      request.log.warn('last words')
      throw new Error('nobody catches this')
    })
    return { thread: threads.number }
  })
}

function hardWork () {
  return Array.from({ length: 100 }, (_, index) => Math.sqrt(index)).join()
}
`

const token = 'nobody-guesses-this-token'

async function start (t: TestContext) {
  const gateway = await launchGateway(t, `server: { host: 127.0.0.1, port: 0, threads: 2 }
admin: { port: 0, token: ${token}, debug: true }
plugins: [./noisy.mjs]
tracing: { endpoint: "http://127.0.0.1:${await freePort()}", sample: 1, batch: { delay: 10ms } }
routes: [{ path: /, respond: {} }]
`, { 'noisy.mjs': plugin })
  const ask = async <T extends { thread: number }> (path: string): Promise<T> => JSON.parse((await send(gateway.proxy, path)).text) as T
  const admin = async (path: string, method = 'GET'): Promise<Response> => {
    return await fetch(gateway.admin + path, { method, headers: { authorization: `Bearer ${token}` } })
  }
  /** Asks until each thread has given an answer that fits: each connection goes to one of them. */
  const askBoth = async <T extends { thread: number }> (
    path: string,
    fits: (answer: T) => boolean = () => true
  ): Promise<Map<number, T>> => {
    const answers = new Map<number, T>()
    while (answers.size < 2) {
      const answer = await ask<T>(path)
      if (fits(answer)) answers.set(answer.thread, answer)
    }
    return answers
  }
  return { gateway, ask, askBoth, admin }
}

interface State {
  readonly thread: number
  readonly level: string
  readonly learned: readonly string[]
  readonly recent: readonly (readonly [number, string | undefined])[]
}

test('a gateway with two threads, as an operator sees it', async t => {
  const { gateway, ask, askBoth, admin } = await start(t)
  const events = async (): Promise<Line[]> => await (await admin('/events?type=plugin')).json() as Line[]

  await t.test('lines of all threads come out of one stream, whole, and in order for each thread', async () => {
    const requests = new Map<number, number>()
    while (requests.size < 2 || requests.get(1)! + requests.get(2)! < 40) {
      const { thread } = await ask('/noisy/line')
      requests.set(thread, (requests.get(thread) ?? 0) + 1)
    }
    const seen = new Map<number, unknown[]>([[1, []], [2, []]])
    for (let count = 5 * (requests.get(1)! + requests.get(2)!); count > 0; count--) {
      const { thread, line } = await gateway.line('noisy')
      seen.get(thread as number)!.push(line)
    }
    for (const [thread, lines] of seen) assert.deepEqual(lines, Array.from({ length: 5 * requests.get(thread)! }, (_, index) => index))
  })

  await t.test('an event of a thread is logged and kept once, and heard once, in the control thread', async () => {
    const { thread } = await ask('/noisy/emit')
    const line = await gateway.line('emitted')
    assert.equal(line['thread'], thread)
    assert.equal((await gateway.line('heard'))['from'], thread)
    const kept = (await events()).map(({ message, thread, data }) => ({ message, thread, data }))
    assert.deepEqual(kept, [
      { message: 'emitted', thread, data: undefined },
      { message: 'heard', thread: undefined, data: { by: 0, from: thread } }
    ])
    const numbers = (await events()).map(({ number, message }) => [number, message])
    for (const { recent } of (await askBoth<State>('/noisy/state', ({ recent }) => recent.length >= 3)).values()) {
      assert.deepEqual(recent.slice(-2), numbers)
    }
    // What the listener passes on through a task comes to all threads.
    await askBoth<State>('/noisy/state', ({ learned }) => learned.includes('emitted'))
  })

  await t.test('a level of the log holds in all threads until a reload', async () => {
    assert.equal((await admin('/log-level?level=warn', 'PUT')).status, 200)
    await askBoth<State>('/noisy/state', ({ level }) => level === 'warn')
    assert.equal((await admin('/reload', 'POST')).status, 200)
    await askBoth<State>('/noisy/state', ({ level }) => level === 'info')
  })

  await t.test('each thread exports its spans, and says so when it cannot', async () => {
    await askBoth('/noisy/line')
    const failed = new Set<unknown>()
    while (failed.size < 2) {
      for (const { thread } of await (await admin('/events?type=trace-export-failed')).json() as Line[]) failed.add(thread)
    }
    assert.deepEqual(failed, new Set([1, 2]))
    const metrics = await (await admin('/metrics')).text()
    assert.match(metrics, /^gateway_trace_export_up 0$/m)
    assert.match(metrics, /^gateway_trace_queue_spans [1-9]/m)
  })

  await t.test('a CPU profile shows what one thread does, and a snapshot of the heap what it has', async () => {
    let taken = false
    const profile = admin('/debug/cpu?thread=2&seconds=1', 'POST').then(async response => {
      taken = true
      assert.equal(response.headers.get('content-disposition'), 'attachment; filename="thread-2.cpuprofile"')
      return await response.text()
    })
    while (!taken) await askBoth('/noisy/work')
    assert.match(await profile, /"functionName":"hardWork"/)
    const snapshot = await (await admin('/debug/heap?thread=1', 'POST')).text()
    assert.match(snapshot.slice(0, 100), /^\{"snapshot":/)
    assert.ok(snapshot.includes('"hardWork"') && snapshot.trimEnd().endsWith('}'))
    const unknown = await admin('/debug/cpu?thread=3', 'POST')
    assert.equal((await unknown.json() as { detail: string }).detail, '`thread` must be an integer from 0 to 2')
  })

  await t.test('the last lines of a thread that dies are written, and the one that takes its place is shown', async () => {
    const { thread } = await ask('/noisy/die')
    await gateway.line('last words')
    assert.equal((await gateway.line('uncaught exception'))['level'], 'fatal')
    assert.equal((await gateway.line('a thread was replaced'))['thread'], thread)
    const threads = await (await admin('/threads')).json() as { number: number, state: string, restarts: number }[]
    assert.deepEqual(threads.map(({ number, state, restarts }) => [number, state, restarts]), [1, 2].map(number => {
      return [number, 'serving', number === thread ? 1 : 0]
    }))
    const { threads: shown } = await (await admin('/readyz?verbose')).json() as { threads: unknown[] }
    assert.equal(shown.length, 2)
    // It has the events from before its time.
    await askBoth<State>('/noisy/state', ({ recent }) => recent.some(([, message]) => message === 'emitted'))
  })
})
