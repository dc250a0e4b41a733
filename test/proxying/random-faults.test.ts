/**
 * Targets that misbehave in random ways, over real sockets: whatever it is, each attempt is settled once, each
 * client gets one response, and nothing is left over.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { reasons, type ReasonCode } from '../../src/contract/errors.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { freePort, startService } from '../helpers/target.ts'
import { bodyOf, deeds, ends, lateAnswersSent, much, Script, type Deed } from './faulty-target.ts'
import { ledger } from './ledger.ts'
import { ask, lastWord, type Ending } from './wary-client.ts'

/** Most attempts by upstream, the first included. */
const limits = { once: 1, again: 3, lame: 3, hedged: 3 } as const
type Room = keyof typeof limits

interface Plan {
  readonly room: Room
  readonly method: string
  /** Bytes of the body. The large one is never read whole before it is sent. */
  readonly size: number
  readonly chunked: boolean
  readonly deeds: readonly Deed[]
  readonly leaves: 'never' | 'when it is begun' | 'when it has reached a target' | 'when the deed is done' | 'with the head'
}

const plan: fc.Arbitrary<Plan> = fc.record({
  room: fc.constantFrom<Room>('once', 'again', 'again', 'lame', 'hedged'),
  method: fc.constantFrom('GET', 'GET', 'PUT', 'POST'),
  size: fc.constantFrom(0, 10, 100_000),
  chunked: fc.boolean(),
  deeds: fc.array(fc.constantFrom(...deeds), { minLength: 1, maxLength: 4 }),
  leaves: fc.constantFrom<Plan['leaves']>(
    'never',
    'never',
    'never',
    'never',
    'when it is begun',
    'when it has reached a target',
    'when the deed is done',
    'with the head'
  )
}).map(some => some.method === 'GET' ? { ...some, size: 0 } : some)

const script = new Script()
let count = 0

/** One request from its beginning to its end, with whatever is wrong about it. */
async function follow (door: TestGateway, { room, method, size, chunked, deeds: planned, leaves }: Plan): Promise<void> {
  const path = `/${room}/${++count}`
  const body = 'x'.repeat(size)
  script.write(path, planned)
  const ending = await ask(door.url, {
    method, path, body, chunked,
    leaves: leaves === 'when it is begun'
      ? ledger.begun(path)
      : leaves === 'when it has reached a target'
        ? script.reached(path)
        : leaves === 'when the deed is done' ? script.done(path) : leaves === 'with the head' ? leaves : undefined
  })
  await door.logged(line => line['msg'] === 'request completed' && line['path'] === path)
  await ledger.settled()
  const exchange = ledger.exchanges.get(path)!
  const story = JSON.stringify({
    path,
    method,
    size,
    chunked,
    leaves,
    played: script.played.get(path),
    attempts: exchange.attempts.map(({ kind, statusCode, failure, outcome }) => ({ kind, statusCode, failure: failure?.code, outcome })),
    reason: exchange.reason?.code,
    ending: { ...ending, answer: 'answer' in ending ? ending.answer.status : undefined }
  })
  assert.ok(exchange.attempts.every(({ outcome, endedAt }) => outcome !== undefined && endedAt !== undefined), story)
  assert.equal(door.logs.filter(line => line['msg'] === 'request completed' && line['path'] === path).length, 1, story)
  assert.notEqual(ending.how, 'wrong', story)
  const { attempts } = exchange
  // One more where a kept connection was closed under the first bytes of a request, and one in place of each that did not reach its target.
  assert.ok(attempts.length <= limits[room] + 1 + attempts.filter(({ reached }) => !reached).length, story)
  const played = script.played.get(path)!
  assert.ok(played.length <= attempts.length, story)
  if (method === 'POST') assert.ok(played.length <= 1, story)
  for (const got of script.bodies.get(path)!) assert.equal(got.length, size, story)
  if (room !== 'hedged') {
    for (const [index, { startedAt }] of attempts.entries()) {
      if (index > 0) assert.ok((attempts[index - 1]!.answeredAt ?? attempts[index - 1]!.endedAt!) <= startedAt, story)
    }
  }
  if (ending.how !== 'left') judge(exchange, ending, played, story)
  if (ending.how !== 'left' && room !== 'hedged') {
    retrace(exchange, ending, played, { room, repeatable: method !== 'POST' && size <= 1000 && !(chunked && size > 0) }, story)
  }
}

/** Whose answer it is: that of an attempt, byte for byte, or one of the gateway for the reason that it has noted. */
function judge (exchange: Exchange, ending: Ending, played: readonly Deed[], story: string): void {
  if (ending.how !== 'answered') {
    assert.ok(exchange.reason !== undefined, story)
    return
  }
  const { status, fields, body } = ending.answer
  const text = body.toString()
  if (fields.get('content-type') === 'application/problem+json') {
    const { code } = JSON.parse(text) as { code: ReasonCode }
    assert.deepEqual([code, status], [exchange.reason?.code, reasons[code].status], story)
    // It gives up when no target is left that might still respond.
    assert.ok(exchange.attempts.every(({ failure, statusCode }) => failure !== undefined || statusCode === 503), story)
    return
  }
  const whole = [bodyOf(exchange.path), bodyOf(exchange.path, much), ...status === 503 ? ['busy'] : [], ...status === 204 ? [''] : []]
  assert.ok(whole.includes(text), `${story}: ${text.slice(0, 80)}`)
  assert.equal(
    exchange.attempts.filter(({
      statusCode,
      failure,
      outcome
    }) => statusCode === status && failure === undefined && outcome === (status === 503 ? 'failure' : 'success')).length >= 1,
    true,
    story
  )
  assert.ok(played.some(deed => ends[deed].statuses.includes(status)), story)
}

/** Which deeds get which timeout. */
const silences: Readonly<Record<string, readonly Deed[]>> = { 'response-timeout': ['hang'], 'idle-timeout': ['stall', 'busy without end'] }

/** Attempts one after the other: each but the last was worth another, and the last is what the client got. */
function retrace (
  { attempts }: Exchange,
  ending: Ending,
  played: readonly Deed[],
  { room, repeatable }: { readonly room: Room, readonly repeatable: boolean },
  story: string
): void {
  const sent = attempts.filter(({ failure }) => failure?.code !== 'connection-refused')
  // A machine that stood still for longer than the timeouts tells nothing.
  if (sent.some((
    { failure },
    index
  ) => failure?.code.endsWith('timeout') === true && silences[failure.code]?.includes(played[index]!) !== true)) return
  for (const deed of played.slice(0, -1)) assert.equal(ends[deed].again, true, story)
  const last = attempts.at(-1)!
  const made = attempts.length
  const end: typeof ends[Deed] = last.failure?.code === 'connection-refused' ? { statuses: [502], again: true } : ends[played.at(-1)!]
  if (ending.how === 'answered') assert.ok(end.statuses.includes(ending.answer.status), story)
  else assert.equal(end.cut, true, story)
  if (end.again === true && repeatable) assert.ok(made >= limits[room], story)
}

test('whatever targets do, every attempt is settled once, every client gets at most one response, and nothing is left over', async t => {
  const before = held()
  const targets = [await startService(t, script.play), await startService(t, script.play)]
  const good = targets.map(({ url }) => `'${url}'`).join()
  const common = 'timeouts: { connect: 5s, response: 60ms, idle: 60ms, total: 5s }'
  const retry = 'attempts: 3, on: [connect, reset, timeout, malformed, 503], bufferBody: 1kib, budget: { ratio: 1, minimum: 1000 }, backoff'
  const [short, long] = ['{ base: 1ms, max: 1ms }', '{ base: 20ms, max: 20ms }']
  const door = await startGateway(t, `
plugins: [${fileURLToPath(new URL('ledger.ts', import.meta.url))}]
upstreams:
  once: { targets: [${good}], ${common}, retry: { attempts: 1 } }
  again: { targets: [${good}], ${common}, retry: { ${retry}: ${long} } }
  lame: { targets: ['http://127.0.0.1:${await freePort()}', ${good}], ${common}, retry: { ${retry}: ${short} } }
  hedged: { targets: [${good}], ${common}, retry: { ${retry}: ${short}, hedge: { after: 5ms } } }
routes:
  - { path: /once/*, upstream: once }
  - { path: /again/*, upstream: again }
  - { path: /lame/*, upstream: lame }
  - { path: /hedged/*, upstream: hedged }
  - { path: /end, respond: { text: ${lastWord} } }
`)
  const timers = held().timers
  await fc.assert(fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 60, size: 'max' }), async plans => {
    await Promise.all(plans.map(some => follow(door, some)))
    assert.deepEqual(ledger.wrong, [])
    assert.equal(ledger.open.size, 0)
    const upstreams = await (await fetch(`${door.admin}/upstreams`)).json() as { targets: { active: number }[] }[]
    assert.deepEqual(upstreams.flatMap(({ targets: some }) => some.map(({ active }) => active)).filter(active => active !== 0), [])
    const metrics = await (await fetch(`${door.admin}/metrics`)).text()
    assert.match(metrics, /^gateway_requests_in_flight 0$/m)
    assert.doesNotMatch(metrics, /^gateway_active_connections\{.*\} [^0]/m)
    await lateAnswersSent()
    // A timer is cleared with what it belongs to, which on a busy machine takes a while.
    const patience = performance.now() + 5000
    while (held().timers > timers && performance.now() < patience) await new Promise(resolve => { setImmediate(resolve) })
    assert.equal(held().timers, timers)
    // Shrinking would run with other timings and tell another story.
  }), { numRuns: 5, endOnFailure: true })
  await door.gateway.close(0)
  await Promise.all(targets.flatMap(({ sockets }) => [...sockets].map(async socket => { await once(socket, 'close') })))
  // A connection that one side has closed takes the other a turn or two.
  for (let turns = 0; held().sockets > before.sockets && turns < 1000; turns++) await new Promise(resolve => { setImmediate(resolve) })
  assert.deepEqual(held(), before)
})

/** What the process still waits for. */
function held (): { readonly timers: number, readonly sockets: number } {
  const all = process.getActiveResourcesInfo()
  return { timers: all.filter(name => name === 'Timeout').length, sockets: all.filter(name => name === 'TCPSocketWrap').length }
}
