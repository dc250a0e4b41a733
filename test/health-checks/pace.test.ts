/** When a prober asks again. The timers and the probes are the test's own. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Prober, type ProbeReport, type ProberOptions } from '../../plugins/core/health-checks/prober.ts'
import { reasonCause } from '../../src/upstream/cause.ts'
import { Thresholds } from '../../plugins/core/health-checks/thresholds.ts'
import { Usage } from '../../plugins/core/health-checks/usage.ts'
import { noLock } from '../../src/state/local-memory.ts'

const newThresholds = (): Thresholds =>
  new Thresholds({ healthyAfter: 2, unhealthyAfter: 2, flapping: { changes: 6, window: 60_000 }, timeout: 500 })

/** A prober whose probes pass at once unless the test says otherwise, and how often it has asked. */
function prober (t: TestContext, options: Partial<ProberOptions>): {
  started: Prober,
  thresholds: Thresholds,
  reports: ProbeReport[],
  asked: () => number
} {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let asked = 0
  const thresholds = newThresholds()
  const { ask = async () => ({ failure: undefined }), ...rest } = options
  const started = new Prober({
    ask: async signal => {
      asked++
      return await ask(signal)
    },
    thresholds,
    interval: 1000,
    noTrafficInterval: 1000,
    jitter: 0.1,
    usage: undefined,
    lock: noLock,
    now: () => 0,
    random: () => 0.5,
    ...rest
  })
  t.after(() => started.stop())
  const reports: ProbeReport[] = []
  started.listener = report => { reports.push(report) }
  return { started, thresholds, reports, asked: () => asked }
}

/** The result of a probe for which this machine lacked resources. */
const lacking = { failure: reasonCause('out-of-resources'), unasked: true }

/** Lets everything happen that is due already. */
const turn = async () => await new Promise(resolve => setImmediate(resolve))

test('an interval is counted from the start of one probe to that of the next, however long it takes', async t => {
  let time = 10_000
  const { started, asked } = prober(t, { now: () => time, ask: async () => { time += 400; return { failure: undefined } } })
  started.start()
  await turn()
  t.mock.timers.tick(599)
  assert.equal(asked(), 1)
  t.mock.timers.tick(1)
  assert.equal(asked(), 2)
})

test('a probe for which this machine had nothing left says nothing of the target, and is made again', async t => {
  const { started, thresholds, reports, asked } = prober(t, { ask: async () => lacking })
  started.start()
  for (let count = 2; count < 6; count++) {
    await turn()
    t.mock.timers.tick(1000)
    assert.equal(asked(), count)
  }
  assert.deepEqual([reports, thresholds.health], [[], 'unknown'])
})

test('a target that was never probed is probed at full pace, although its upstream is unused', async t => {
  const {
    started,
    asked
  } = prober(t, { noTrafficInterval: 60_000, usage: new Usage(), ask: async () => lacking })
  started.start()
  await turn()
  t.mock.timers.tick(1000)
  assert.equal(asked(), 2)
})

test('an upstream that was never used is not in use, and one request wakes the probers of all its targets', async t => {
  const usage = new Usage()
  let asked = 0
  const ask = async () => {
    asked++
    return { failure: undefined }
  }
  const rest = { now: () => 500, noTrafficInterval: 60_000, usage, lock: noLock, ask }
  const { started } = prober(t, rest)
  const other = new Prober({ ...rest, thresholds: newThresholds(), interval: 1000, jitter: 0, random: () => 0 })
  t.after(() => other.stop())
  started.start()
  other.start()
  await turn()
  t.mock.timers.tick(10_000)
  assert.equal(asked, 2)
  usage.note(500)
  t.mock.timers.tick(1000)
  assert.equal(asked, 4)
})

test('an upstream that was used as long ago as one interval is not in use', async t => {
  const usage = new Usage()
  usage.note(0)
  const { started, asked } = prober(t, { now: () => 1000, noTrafficInterval: 60_000, usage })
  started.start()
  await turn()
  t.mock.timers.tick(1000)
  assert.equal(asked(), 1)
})

test('a prober that has waited through its rest is no longer woken for it', async t => {
  const usage = new Usage()
  let time = 0
  const answers: (() => void)[] = []
  const { started, asked } = prober(t, {
    now: () => time, noTrafficInterval: 60_000, usage, ask: async () => await new Promise(resolve => {
      answers.push(() => resolve({ failure: undefined }))
    })
  })
  started.start()
  answers[0]!()
  await turn()
  t.mock.timers.tick(time = 60_000)
  // The next one is under way when a request comes: it is not doubled.
  usage.note(time)
  t.mock.timers.tick(1000)
  assert.equal(asked(), 2)
})

test('a very long interval does not become none', async t => {
  const { started, asked } = prober(t, { interval: 2 ** 31 + 1000, noTrafficInterval: 2 ** 31 + 1000 })
  const delays: (number | undefined)[] = []
  const set = setTimeout
  t.mock.method(globalThis, 'setTimeout', (call: () => void, delay?: number) => { delays.push(delay); return set(call, delay) })
  started.start()
  await turn()
  assert.equal(asked(), 1)
  assert.ok(delays.length > 0 && delays.every(delay => delay! < 2 ** 31), String(delays))
})
