/** Probing again and again. The timers are the test's own, the targets are real. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Prober, type ProbeReport, type ProberOptions } from '../../plugins/core/health-checks/prober.ts'
import { probe } from '../../plugins/core/health-checks/probe.ts'
import { Thresholds } from '../../plugins/core/health-checks/thresholds.ts'
import { Usage } from '../../plugins/core/health-checks/usage.ts'
import { statusSet } from '../../src/config/schema/status-set.ts'
import { noLock } from '../../src/state/local-memory.ts'
import { systemNames } from '../helpers/names.ts'
import { startRawTarget, startTarget } from '../helpers/target.ts'

/** A prober that asks only when the test moves the time, and a way to wait for its reports. */
function prober (t: TestContext, url: string, options: Partial<ProberOptions> = {}): {
  prober: Prober,
  thresholds: Thresholds,
  report: () => Promise<ProbeReport>,
  reports: ProbeReport[],
  asked: () => number
} {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let asked = 0
  const thresholds = new Thresholds({ healthyAfter: 2, unhealthyAfter: 2, flapping: { changes: 6, window: 60_000 }, timeout: 500 })
  const created = new Prober({
    ask: async signal => {
      asked++
      return await probe(
        { url: `${url}/health`, method: 'GET', names: systemNames, timeout: 500, tls: { verify: true }, isHealthy: statusSet(['2xx']) },
        signal
      )
    },
    thresholds,
    interval: 1000,
    noTrafficInterval: 1000,
    jitter: 0.1,
    usage: undefined,
    lock: noLock,
    now: () => 0,
    random: () => 0.5,
    ...options
  })
  t.after(() => created.stop())
  const reports: ProbeReport[] = []
  let waiting: ((report: ProbeReport) => void) | undefined
  created.listener = report => {
    reports.push(report)
    waiting?.(report)
  }
  const report = async () => await new Promise<ProbeReport>(resolve => { waiting = resolve })
  return { prober: created, thresholds, report, reports, asked: () => asked }
}

/** Lets everything happen that is due already. */
const turn = async () => await new Promise(resolve => setImmediate(resolve))

test('S2-082 asks at once and then in every interval', async t => {
  const target = await startTarget(t)
  const { prober: started, report, asked } = prober(t, target.url)
  started.start()
  assert.deepEqual(await report(), { passed: true, healthy: true, changed: false, why: '1 probe passed' })
  for (const expected of [2, 3, 4]) {
    await turn()
    t.mock.timers.tick(999)
    await turn()
    assert.equal(asked(), expected - 1)
    t.mock.timers.tick(1)
    await report()
    assert.equal(target.hits.length, expected)
  }
})

for (const [random, delay] of [[0, 900], [0.999_999, 1100]] as const) {
  test(`an interval of 1 s is ${delay} ms when chance says ${random}`, async t => {
    const target = await startTarget(t)
    const { prober: started, report, asked } = prober(t, target.url, { random: () => random })
    started.start()
    await report()
    await turn()
    t.mock.timers.tick(delay - 1)
    assert.equal(asked(), 1)
    t.mock.timers.tick(1)
    await report()
    assert.equal(target.hits.length, 2)
  })
}

test('reports when a target goes and when it comes back, with the reason', async t => {
  let status = 503
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const { prober: started, report } = prober(t, target.url)
  const next = async () => {
    await turn()
    t.mock.timers.tick(1000)
    return await report()
  }
  started.start()
  assert.deepEqual(await report(), { passed: false, healthy: true, changed: false, why: '1 probe failed, last: HTTP 503' })
  assert.deepEqual(await next(), { passed: false, healthy: false, changed: true, why: '2 probes failed, last: HTTP 503' })
  assert.deepEqual(await next(), { passed: false, healthy: false, changed: false, why: '3 probes failed, last: HTTP 503' })
  status = 204
  assert.deepEqual(await next(), { passed: true, healthy: false, changed: false, why: '1 of 2 probes passed, before: HTTP 503' })
  assert.deepEqual(await next(), { passed: true, healthy: true, changed: true, why: '2 probes passed' })
})

test('a prober that is stopped asks no more', async t => {
  const target = await startTarget(t)
  const { prober: started, report } = prober(t, target.url)
  started.start()
  await report()
  await turn()
  started.stop()
  t.mock.timers.tick(60_000)
  await turn()
  await fetch(`${target.url}/from-the-test`)
  assert.deepEqual(target.hits.map(hit => hit.url), ['/health', '/from-the-test'])
})

test('stopping in the middle of a probe closes its connection and reports nothing', async t => {
  const connected = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const target = await startRawTarget(t, socket => {
    socket.on('close', () => closed.resolve())
    socket.resume()
    connected.resolve()
  })
  const { prober: started, thresholds, reports } = prober(t, target.url)
  started.start()
  await connected.promise
  started.stop()
  await closed.promise
  await turn()
  assert.deepEqual(reports, [])
  assert.equal(thresholds.health, 'unknown')
})

test('while the upstream is unused, a healthy target is probed less often, until the first request', async t => {
  const target = await startTarget(t)
  const usage = new Usage()
  const { prober: started, report, asked } = prober(t, target.url, { noTrafficInterval: 60_000, usage })
  started.start()
  await report()
  await turn()
  t.mock.timers.tick(59_999)
  assert.equal(asked(), 1)
  t.mock.timers.tick(1)
  await report()
  await turn()
  usage.note(0)
  t.mock.timers.tick(1000)
  await report()
  assert.equal(target.hits.length, 3, 'a request brings the usual pace back')
  await turn()
  t.mock.timers.tick(1000)
  await report()
  assert.equal(target.hits.length, 4, 'and it stays while the upstream is in use')
})

test('a target that is down, or doubtful, is asked at the usual pace although it gets no requests', async t => {
  let status = 200
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const { prober: started, report } = prober(t, target.url, { noTrafficInterval: 60_000, usage: new Usage() })
  started.start()
  await report()
  await turn()
  status = 503
  t.mock.timers.tick(60_000)
  await report()
  for (const hits of [3, 4, 5]) {
    await turn()
    t.mock.timers.tick(1000)
    await report()
    assert.equal(target.hits.length, hits)
  }
})

test('a resting prober that is stopped is not woken any more', async t => {
  const target = await startTarget(t)
  const usage = new Usage()
  const { prober: started, report } = prober(t, target.url, { noTrafficInterval: 60_000, usage })
  started.start()
  await report()
  await turn()
  started.stop()
  usage.note(0)
  t.mock.timers.tick(600_000)
  await turn()
  await fetch(`${target.url}/from-the-test`)
  assert.deepEqual(target.hits.map(hit => hit.url), ['/health', '/from-the-test'])
})
