/** A timer that judges a peer reads what the peer has sent before it calls. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { patiently, type PatientTimer } from '../../src/scheduling/patient-timer.ts'

/** Holds up the event loop, as a stop of the process does. */
function block (ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('it calls once when its time is over, and never after it was cleared', async () => {
  let calls = 0
  const startedAt = performance.now()
  await new Promise<void>(resolve => { patiently(20, () => { calls++; resolve() }) })
  assert.ok(performance.now() - startedAt >= 19)
  const cleared = patiently(5, () => { calls++ })
  cleared.clear()
  await pause(30)
  assert.equal(calls, 1)
})

test('one that is cleared between its time and its call does not call', async () => {
  let calls = 0
  const timer = await new Promise<PatientTimer>(resolve => {
    const first: PatientTimer = patiently(1, () => { calls++; resolve(first) })
  })
  assert.equal(calls, 1)
  const other = patiently(1, () => { calls++ })
  // Both become due in one turn: this one runs behind the other's and before the immediates.
  setTimeout(() => other.clear(), 1)
  block(5)
  await pause(20)
  timer.clear()
  assert.equal(calls, 1)
})

test('bytes that came while the process was held up are read first', async t => {
  const { socket, peer } = await pair(t)
  const seen: string[] = []
  socket.once('data', () => { seen.push('data'); timer.clear() })
  const timer = patiently(50, () => seen.push('due'))
  peer.write('answer')
  block(300)
  await once(socket, 'data')
  await pause(20)
  assert.deepEqual(seen, ['data'])
})

test('a response that takes several turns after a pause still comes first', async t => {
  // The peer lives in a thread of its own, so that it goes on while this one is held up.
  const worker = new Worker(`
    const { createServer } = require('node:net'), { parentPort } = require('node:worker_threads')
    const server = createServer(socket => socket.on('data', () => socket.write('answer')))
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
  `, { eval: true })
  t.after(async () => await worker.terminate())
  const [port] = await once(worker, 'message') as [number]
  const seen: string[] = []
  const socket = connect(port, '127.0.0.1', () => socket.write('question'))
  t.after(() => socket.destroy())
  const timer = patiently(100, () => seen.push('due'))
  block(1000)
  await new Promise<void>(resolve => { socket.once('data', () => { seen.push('data'); timer.clear(); resolve() }) })
  assert.deepEqual(seen, ['data'])
})

test('silence is silence: after a pause it calls all the same, at most twice its time later', async () => {
  const startedAt = performance.now()
  const called = new Promise<number>(resolve => { patiently(40, () => resolve(performance.now())) })
  block(400)
  const at = await called
  assert.ok(at - startedAt >= 400 + 39, `${at - startedAt} ms`)
})

test('the time that is given again is the delay, and never more than its own', async () => {
  const order: string[] = []
  /** Says that so many milliseconds are over; what has become due before is called before. */
  const mark = async (
    ms: number,
    name: string
  ): Promise<void> => await pause(ms).then(async () => await setImmediate()).then(() => { order.push(name) })
  const startedAt = performance.now()
  patiently(400, () => order.push('short delay'))
  block(460)
  await mark(performance.now() - startedAt - 400 + 200, 'far less than its own time')
  patiently(40, () => order.push('long delay'))
  block(600)
  await mark(300, 'far less than the delay')
  assert.deepEqual(order, ['short delay', 'far less than its own time', 'long delay', 'far less than the delay'])
})

test('time is given once: a second pause of the process is not waited for', async () => {
  let calls = 0
  patiently(60, () => { calls++ })
  block(200)
  // It has become due, and waits for 60 ms more.
  await setImmediate()
  await setImmediate()
  block(200)
  for (let turn = 0; turn < 3; turn++) await setImmediate()
  assert.equal(calls, 1)
})

test('one that is not to keep the process alive does not, also while it waits longer', async () => {
  const holding = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = holding()
  const timer = patiently(60, () => {}).unref()
  assert.ok(holding() <= before)
  block(200)
  await setImmediate()
  await setImmediate()
  assert.ok(holding() <= before)
  timer.clear()
})

async function pair (t: TestContext): Promise<{ readonly socket: Socket, readonly peer: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [peer] = await once(server, 'connection') as [Socket]
  t.after(() => { socket.destroy(); peer.destroy(); server.close() })
  return { socket, peer }
}
