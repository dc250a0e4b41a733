/** What the attempt loop makes of the events of a transport. */

import assert from 'node:assert/strict'
import type { Readable } from 'node:stream'
import { suite, test } from 'node:test'
import { reasons } from '../../src/contract/errors.ts'
import type { HttpExchange } from '../../src/exchange/exchange.ts'
import type { KeptLoad } from '../../src/upstream/target-load.ts'
import { setActive } from '../helpers/load.ts'
import { settled, startLoop, VirtualTime } from './scripted-loop.ts'

/** A connection to the target of the attempt under way cannot be opened. */
const lose = ({ attempt }: HttpExchange, now: number): void => {
  const load = attempt!.target.load as KeptLoad
  load.failed(reasons['connection-refused'], load.opened, now)
}

const upload = { method: 'PUT', body: 'bytes' } as const

suite('the attempt loop', () => {
  const time = new VirtualTime()

  test('a response that is complete at once is passed on in one piece', async () => {
    const { sent, responses, outcomes } = startLoop(time)
    sent[0]!.start().head(200, { 'content-length': '4' }).data('ab').data('cd').end()
    await settled()
    assert.deepEqual(responses.map(({ statusCode, body }) => [statusCode, String((body as Buffer[])[0])]), [[200, 'abcd']])
    assert.deepEqual([(responses[0]!.body as Buffer[]).length, outcomes()], [1, ['success']])
  })

  test('chunks that are long together are passed on as they came', async () => {
    const { sent, responses } = startLoop(time)
    sent[0]!.start().head(200).data('a'.repeat(10_000)).data('b'.repeat(10_000)).end()
    await settled()
    assert.equal((responses[0]!.body as Buffer[]).length, 2)
  })

  test('a response that is not complete is streamed, and one that breaks off is cut', async () => {
    const { sent, responses, exchange, outcomes } = startLoop(time)
    sent[0]!.start().head(200).data('a')
    await settled()
    const { promise, resolve } = Promise.withResolvers<unknown>()
    ;(responses[0]!.body as Readable).on('error', resolve).resume()
    sent[0]!.fail('response-cut')
    assert.equal((await promise as { code?: string }).code, 'response-cut')
    assert.deepEqual([outcomes(), exchange.reason?.code, (exchange.cause as Error).message], [['failure'], 'response-cut', 'response-cut'])
  })

  test('a response that breaks off before any of it was passed on is an error response, unless the client has left', async () => {
    const { sent, codes, responses } = startLoop(time)
    sent[0]!.start().head(200)
    sent[0]!.fail('response-cut')
    await settled()
    assert.deepEqual([codes(), responses.length], [['response-cut'], 0])
    const gone = startLoop(time)
    gone.sent[0]!.start().head(200)
    gone.leave()
    await settled()
    assert.deepEqual([gone.codes(), gone.responses.length, gone.outcomes(), gone.sent[0]!.calls], [[], 0, ['ignored'], ['abort']])
  })

  test('an upload that the target ends is not its fault, and goes neither to another target nor to a fallback', async () => {
    for (const unwritten of [true, false]) {
      const { sent, codes, outcomes } = startLoop(time, { ...upload, fallback: [], retry: { attempts: 3, on: ['reset'] } })
      sent[0]!.start().fail('connection-terminated', { unwritten })
      assert.equal(outcomes()[0], unwritten ? 'ignored' : 'failure')
      assert.deepEqual([sent.length, outcomes().length, codes()], unwritten ? [1, 1, ['connection-terminated']] : [1, 2, []])
    }
  })

  test('the end of an upload counts as a failure where the target accepts no connections either, or never had one', async () => {
    const down = startLoop(time, upload)
    lose(down.exchange, time.now)
    down.sent[0]!.start().fail('connection-terminated', { unwritten: true })
    const unreached = startLoop(time, upload)
    unreached.sent[0]!.fail('connection-terminated', { unwritten: true })
    assert.deepEqual([down.outcomes()[0], unreached.outcomes()[0]], ['failure', 'failure'])
  })

  test('a request that meets the close of an idle connection is sent once more, whatever the rules say, and only once', async () => {
    const { sent, codes, outcomes } = startLoop(time, { retry: { attempts: 1 } })
    sent[0]!.start().fail('connection-terminated', { closedIdle: true })
    assert.deepEqual([sent.length, outcomes()], [2, ['ignored', undefined]])
    sent[1]!.start().fail('connection-terminated', { closedIdle: true })
    assert.deepEqual([sent.length, outcomes(), codes()], [2, ['ignored', 'failure'], ['connection-terminated']])
    const post = startLoop(time, { method: 'POST', retry: { attempts: 1 } })
    post.sent[0]!.start().fail('connection-terminated', { closedIdle: true })
    assert.deepEqual([post.sent.length, post.outcomes()], [1, ['failure']])
  })

  test('a request that its target has not processed is sent once more, whatever its method, and then by the rules', async () => {
    const { sent, codes, outcomes } = startLoop(time, { ...upload, method: 'POST', retry: { attempts: 2, on: ['reset'] } })
    sent[0]!.start().fail('connection-terminated', { unprocessed: true, unwritten: true })
    assert.deepEqual([sent.length, outcomes()], [2, ['ignored', undefined]])
    sent[1]!.start().fail('connection-terminated', { unprocessed: true })
    await time.pass(10_000)
    assert.deepEqual([sent.length, outcomes()], [3, ['ignored', 'failure', undefined]])
    sent[2]!.start().fail('connection-terminated', { unprocessed: true })
    assert.deepEqual([sent.length, codes()], [3, ['connection-terminated']])
  })

  test('no hedge is sent while another attempt waits for its back-off', async () => {
    const { sent } = startLoop(time, { retry: { attempts: 3, on: ['reset'], hedge: { after: 10 }, backoff: { base: 1000, max: 1000 } } })
    sent[0]!.start().fail('connection-terminated')
    await time.pass(10)
    assert.equal(sent.length, 1)
    await time.pass(1990)
    assert.equal(sent.length, 2)
  })

  test('an attempt that waited for its back-off begins when it is sent', async () => {
    const { sent, exchange, budget } = startLoop(time, { retry: { attempts: 2, on: ['reset'], backoff: { base: 100, max: 100 } } })
    sent[0]!.start().fail('connection-terminated')
    assert.equal(exchange.attempts.length, 2)
    const failedAt = time.now
    await time.pass(100)
    assert.deepEqual([sent.length, exchange.attempt!.startedAt], [2, failedAt + 50])
    sent[1]!.start().head(200).end()
    assert.deepEqual(budget(), { first: 0, extra: 0, saved: 0 })
  })

  test('a client that leaves takes with it the attempt that waits for its back-off, and what it cost', async () => {
    const { sent, leave, outcomes, budget } = startLoop(time, { retry: { attempts: 2, on: ['reset'], backoff: { base: 100, max: 100 } } })
    sent[0]!.start().fail('connection-terminated')
    leave()
    await time.pass(1000)
    assert.deepEqual([sent.length, outcomes()], [1, ['failure', 'ignored']])
    assert.deepEqual(budget(), { first: 0, extra: 0, saved: 0 })
  })

  test('of two attempts the first response counts, and the other one is stopped', async () => {
    const { sent, outcomes, budget } = startLoop(time, { retry: { attempts: 2, hedge: { after: 10 } } })
    sent[0]!.start()
    await time.pass(10)
    sent[1]!.start().head(200)
    assert.deepEqual([sent[0]!.calls, outcomes()[0]], [['abort'], 'ignored'])
    sent[1]!.end()
    assert.deepEqual([outcomes(), budget()], [['ignored', 'success'], { first: 0, extra: 0, saved: 0 }])
  })

  test('a request that waits for a connection when its result is known is stopped once it gets one', async () => {
    const { sent, outcomes } = startLoop(time, { retry: { attempts: 2, hedge: { after: 10 } } })
    await time.pass(10)
    sent[1]!.start().head(200).end()
    assert.equal(outcomes()[0], 'ignored')
    sent[0]!.start()
    assert.deepEqual(sent[0]!.calls, ['abort'])
  })

  test('a silent target is asked for a connection, and only where it accepts none another target gets the request too', async () => {
    const timeouts = { connect: 50, response: 1000 }
    const retry = { attempts: 2, on: ['connect' as const] }
    for (const [begun, down, asked, total] of [[false, false, 1, 1], [false, true, 1, 2], [true, true, 0, 1]] as const) {
      const { sent, checks, unreachable } = startLoop(time, { timeouts, retry })
      if (down) unreachable.add('a')
      sent[0]!.start().begun = begun
      await time.pass(50)
      await settled()
      assert.deepEqual([checks.length, sent.length], [asked, total], JSON.stringify({ begun, down }))
    }
  })

  test('a target that could not be reached meanwhile needs no further connection', async () => {
    const {
      sent,
      checks,
      exchange
    } = startLoop(time, { timeouts: { connect: 50, response: 1000 }, retry: { attempts: 2, on: ['connect'] } })
    sent[0]!.start()
    await time.pass(1)
    lose(exchange, time.now)
    await time.pass(49)
    assert.deepEqual([checks, sent.length], [[], 2])
  })

  test('an answer that comes while a silent target is asked for a connection is enough', async () => {
    const { sent, unreachable } = startLoop(time, { timeouts: { connect: 50, response: 1000 }, retry: { attempts: 2, on: ['connect'] } })
    unreachable.add('a')
    sent[0]!.start()
    await time.pass(50)
    sent[0]!.head(200).end()
    await settled()
    assert.equal(sent.length, 1)
  })

  test('what takes too long is told apart: dialling, the queue for connections, the response, and all together', async () => {
    const timeouts = { connect: 50, response: 200, total: 0 }
    const wait = async (options: Parameters<typeof startLoop>[1], started: boolean, queued: boolean): Promise<unknown> => {
      const { sent, codes, exchange } = startLoop(time, { retry: { attempts: 1 }, ...options })
      const { load } = exchange.attempt!.target
      if (queued) setActive(load, 5000)
      if (started) sent[0]!.start()
      await time.pass(300)
      return codes()
    }
    assert.deepEqual(await wait({ timeouts }, true, false), ['response-timeout'])
    assert.deepEqual(await wait({ timeouts }, false, false), ['connect-timeout'])
    assert.deepEqual(await wait({ timeouts }, false, true), ['response-timeout'])
    assert.deepEqual(await wait({ timeouts: { ...timeouts, total: 120 } }, true, false), ['total-timeout'])
    assert.deepEqual(await wait({ timeouts: { ...timeouts, total: 120 } }, false, false), ['total-timeout'])
    assert.deepEqual(await wait({ timeouts: { connect: 0, response: 0, total: 0 } }, true, false), [])
  })

  test('the time until the response is that of the file, and ends with it', async () => {
    for (const [ms, code] of [[199, undefined], [200, 'response-timeout']] as const) {
      const { sent, codes } = startLoop(time, { timeouts: { connect: 50, response: 200, total: 0 }, retry: { attempts: 1 } })
      sent[0]!.start()
      await time.pass(50)
      await time.pass(ms - 50)
      await settled()
      assert.equal(codes()[0], code)
    }
  })

  test('a further attempt has what is left of the whole time, and a fallback too', async () => {
    const { sent, codes } = startLoop(time, {
      targets: 1,
      timeouts: { connect: 0, response: 100, total: 150 },
      retry: { attempts: 1 },
      fallback: []
    })
    sent[0]!.start()
    await time.pass(100)
    await settled()
    assert.deepEqual(sent.map(({ target }) => target), ['a', 'x'])
    sent[1]!.start()
    await time.pass(50)
    await settled()
    assert.deepEqual(codes(), ['total-timeout'])
  })

  test('when the whole time is over, no fallback is asked', async () => {
    const { sent, codes } = startLoop(time, { targets: 1, timeouts: { connect: 0, response: 0, total: 150 }, fallback: [] })
    sent[0]!.start()
    await time.pass(150)
    await settled()
    assert.deepEqual([sent.length, codes()], [1, ['total-timeout']])
    const late = startLoop(time, { targets: 1, timeouts: { connect: 0, response: 0, total: 150 }, fallback: [503] })
    // The timer is due and has not fired yet.
    time.now += 150
    late.sent[0]!.start().head(503)
    assert.equal(late.sent.length, 1)
  })

  test('the time of the whole exchange includes its fallback', async () => {
    const timeouts = { connect: 0, response: 0, total: 0, exchange: 100 }
    const { sent, codes, exchange } = startLoop(time, { targets: 1, timeouts, fallback: [503] })
    await time.pass(60)
    sent[0]!.start().head(503)
    assert.equal(sent[1]!.target, 'x')
    sent[1]!.start()
    await time.pass(40)
    await settled()
    assert.deepEqual([codes(), exchange.reason?.code], [['exchange-timeout'], 'exchange-timeout'])
  })

  test('a status that the fallback takes over is its own outcome, and its body is read to keep the connection', async () => {
    for (const [status, outcome] of [[500, 'failure'], [404, 'success']] as const) {
      const { sent, outcomes } = startLoop(time, { targets: 1, fallback: [status], retry: { attempts: 1 } })
      sent[0]!.start().head(status)
      assert.deepEqual([outcomes()[0], sent[1]!.target], [outcome, 'x'])
      sent[0]!.data('x'.repeat(64 * 1024))
      assert.deepEqual(sent[0]!.calls, [])
      sent[0]!.data('x')
      assert.deepEqual(sent[0]!.calls, ['abort'])
    }
  })

  test('a discarded response that does not end occupies its connection for a second', async () => {
    const { sent } = startLoop(time, { targets: 2, retry: { attempts: 2, on: [503] } })
    sent[0]!.start().head(503)
    await time.pass(999)
    assert.deepEqual(sent[0]!.calls, [])
    await time.pass(1)
    assert.deepEqual(sent[0]!.calls, ['abort'])
  })

  test('when the client leaves, a short rest of the response is read on, and a long one is not', async () => {
    for (const [length, calls] of [[65_537, ['pause', 'resume']], [65_538, ['pause', 'abort']]] as const) {
      const { sent, leave, outcomes, responses } = startLoop(time)
      sent[0]!.start().head(200, { 'content-length': String(length) }).data('a')
      await settled()
      assert.ok(responses[0]!.body)
      sent[0]!.pause()
      leave()
      assert.deepEqual([sent[0]!.calls.slice(0, 2), outcomes()], [calls, ['ignored']])
    }
  })

  test('Retry-After is read as seconds of at most six digits, and decides when the target is asked again', async () => {
    for (const [text, seconds] of [
      ['2', 2],
      ['999999', 999_999],
      ['1234567', undefined],
      ['Wed, 21 Oct 2026 07:28:00 GMT', undefined]
    ] as const) {
      const { sent, exchange } = startLoop(time)
      sent[0]!.start().head(429, { 'retry-after': text })
      assert.equal(exchange.attempts[0]!.retryAfter, seconds)
    }
  })

  test('a response of 500 and more is a failure of its target, any other one is not', async () => {
    for (const [status, outcome] of [[499, 'success'], [500, 'failure'], [599, 'failure']] as const) {
      const { sent, outcomes } = startLoop(time, { retry: { attempts: 1 } })
      sent[0]!.start().head(status).end()
      assert.deepEqual(outcomes(), [outcome])
    }
  })

  test('a target that is silent within the body is cut after the idle timeout', async () => {
    const { sent, exchange, responses } = startLoop(time, { timeouts: { idle: 100 } })
    sent[0]!.start().head(200).data('a')
    await settled()
    ;(responses[0]!.body as Readable).on('error', () => {}).resume()
    await settled()
    await time.pass(100)
    await settled()
    assert.equal(exchange.reason?.code, 'idle-timeout')
  })

  test('what is not listed in retry.on is not tried again, nor what the target may have received, unless the method allows it', () => {
    for (const [method, started, code, attempts] of [
      ['GET', true, 'connection-terminated', 2], ['GET', false, 'connection-refused', 1], ['POST', true, 'connection-terminated', 1]
    ] as const) {
      const { sent, outcomes, errors } = startLoop(time, { method, retry: { attempts: 3, on: ['reset'] } })
      if (started) sent[0]!.start()
      sent[0]!.fail(code)
      assert.deepEqual([outcomes().length, errors.length], [attempts, attempts === 1 ? 1 : 0], `${method} ${code}`)
    }
    const { sent } = startLoop(time, { method: 'POST', retry: { attempts: 3, on: ['connect'] } })
    sent[0]!.fail('connection-refused')
    assert.deepEqual(sent.map(({ target }) => target), ['a', 'b'])
  })

  test('an attempt whose back-off would end after the whole time is not made, and costs nothing', () => {
    const { sent, exchange, outcomes, codes, budget } = startLoop(time, {
      timeouts: { total: 100 },
      retry: { attempts: 2, on: ['reset'], backoff: { base: 1000, max: 1000 } }
    })
    sent[0]!.start().fail('connection-terminated')
    assert.deepEqual([sent.length, outcomes(), codes()], [1, ['failure', 'ignored'], ['connection-terminated']])
    assert.deepEqual([budget(), exchange.attempts[1]!.target.load.active], [{ first: 0, extra: 0, saved: 0 }, 0])
  })

  test('a status that is tried again is a failure of its target; the last one is passed on', async () => {
    const { sent, outcomes, responses } = startLoop(time, { retry: { attempts: 2, on: [429], backoff: { base: 0, max: 0 } } })
    sent[0]!.start().head(429)
    assert.equal(outcomes()[0], 'failure')
    sent[1]!.start().head(429).end()
    await settled()
    assert.deepEqual([sent.length, responses[0]!.statusCode], [2, 429])
    const post = startLoop(time, { method: 'POST', retry: { attempts: 2, on: [503] }, fallback: [503] })
    post.sent[0]!.start().head(503).end()
    await settled()
    assert.deepEqual([post.sent.length, post.responses[0]!.statusCode], [1, 503])
  })

  test('while another attempt is under way, a failure and a status to be tried again wait for it', async () => {
    for (const end of ['status', 'failure'] as const) {
      const { sent, responses, errors } = startLoop(time, { retry: { attempts: 2, on: [503, 'reset'], hedge: { after: 10 } } })
      sent[0]!.start()
      await time.pass(10)
      sent[1]!.start()
      if (end === 'status') sent[0]!.head(503)
      else sent[0]!.fail('connection-terminated')
      await settled()
      assert.deepEqual([responses.length, errors.length], [0, 0])
      sent[1]!.head(200).end()
      await settled()
      assert.deepEqual([sent.length, responses[0]!.statusCode], [2, 200])
    }
  })

  test('no hedge without a second target, for a method that must not be repeated, or beyond the attempts', async () => {
    for (const options of [{ targets: 1 }, { method: 'POST' }, { attempts: 1 }] as const) {
      const { attempts = 3, ...rest } = options as { readonly attempts?: number }
      const { sent } = startLoop(time, { ...rest, retry: { attempts, hedge: { after: 10 } } })
      sent[0]!.start()
      await time.pass(20)
      assert.equal(sent.length, 1, JSON.stringify(options))
    }
  })

  test('what is the fault of this machine or of the client is none of the target, and no fallback helps', () => {
    for (const code of ['out-of-resources', 'bad-request'] as const) {
      const { sent, outcomes, errors } = startLoop(time, { fallback: [] })
      sent[0]!.start().fail(code)
      assert.deepEqual([outcomes(), sent.length], [['ignored'], 1])
      assert.equal((errors[0] as Error & { cause: Error }).cause.message, code)
    }
  })

  test('a fallback gets a request that its upstream has not received, or that may be repeated', () => {
    for (const [method, started, count] of [['POST', false, 2], ['POST', true, 1], ['GET', true, 2]] as const) {
      const { sent } = startLoop(time, { targets: 1, method, fallback: [], retry: { attempts: 1 } })
      if (started) sent[0]!.start()
      sent[0]!.fail(started ? 'connection-terminated' : 'connection-refused')
      assert.equal(sent.length, count, `${method} ${started}`)
    }
  })

  test('without retries of connections a silent target is not asked for one', async () => {
    const { sent, checks } = startLoop(time, { timeouts: { connect: 50, response: 1000 }, retry: { attempts: 2, on: ['reset'] } })
    sent[0]!.start()
    await time.pass(60)
    await settled()
    assert.deepEqual(checks, [])
  })

  test('an exchange that lasts too long is cut within its response, unless that is an event stream or the client has left', async () => {
    const timeouts = { exchange: 100 }
    const cut = startLoop(time, { timeouts })
    cut.sent[0]!.start().head(200)
    const events = startLoop(time, { timeouts })
    events.sent[0]!.start().head(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    const left = startLoop(time, { timeouts })
    left.leave()
    await time.pass(101)
    assert.deepEqual([cut.destroyed.length, cut.errors, cut.exchange.reason?.code], [1, [], 'exchange-timeout'])
    assert.deepEqual([events.destroyed, events.exchange.reason], [[], undefined])
    assert.deepEqual([left.destroyed, left.exchange.reason], [[], undefined])
  })

  test('the time of the exchange is counted once, by the fallback that took over', async () => {
    const { sent, destroyed, codes } = startLoop(time, { targets: 1, timeouts: { exchange: 100 }, fallback: [503] })
    sent[0]!.start().head(503)
    sent[1]!.start()
    await time.pass(101)
    assert.deepEqual([destroyed, codes()], [[], ['exchange-timeout']])
  })

  test('sixteen interim responses are passed on, and none after the result is known', async () => {
    const { sent, interims } = startLoop(time, { retry: { attempts: 2, hedge: { after: 10 } } })
    sent[0]!.start()
    for (let count = 0; count < 20; count++) sent[0]!.interim(103)
    assert.equal(interims.length, 16)
    await time.pass(10)
    sent[1]!.start().head(200)
    sent[1]!.interim(103)
    assert.equal(interims.length, 16)
  })

  test('the idle timeout cuts a short rest too, and what broke for another reason than the target is not its fault', async () => {
    const idle = startLoop(time, { timeouts: { idle: 100 } })
    idle.sent[0]!.start().head(200, { 'content-length': '4' }).data('a')
    await settled()
    ;(idle.responses[0]!.body as Readable).on('error', () => {}).resume()
    await settled()
    await time.pass(101)
    assert.deepEqual([idle.exchange.reason?.code, idle.outcomes()], ['idle-timeout', ['failure']])
    const own = startLoop(time)
    own.sent[0]!.start().head(200)
    own.sent[0]!.fail('internal')
    assert.deepEqual(own.outcomes(), ['ignored'])
  })

  test('when the client leaves, what still comes is for nobody, and its body ends', async () => {
    const { sent, leave, responses } = startLoop(time)
    sent[0]!.start().head(200, { 'content-length': '2' }).data('a')
    await settled()
    leave()
    assert.equal((responses[0]!.body as Readable).destroyed, true)
    sent[0]!.data('b').end()
    const early = startLoop(time)
    early.sent[0]!.start().head(200, { 'content-length': '2' })
    early.leave()
    early.sent[0]!.data('ab').end()
    await settled()
    assert.equal(early.responses.length, 0)
  })

  test('a body of the next event-loop tick leaves with its headers; more than 128 KiB are not waited for', async () => {
    const { sent, responses, exchange } = startLoop(time)
    await time.pass(5)
    sent[0]!.start().head(200)
    assert.equal(exchange.attempt!.answeredAt, time.now)
    await new Promise(resolve => { setImmediate(resolve) })
    sent[0]!.data('ab').end()
    await settled()
    assert.ok(Array.isArray(responses[0]!.body))
    const long = startLoop(time)
    long.sent[0]!.start().head(200).data('a'.repeat(128 * 1024))
    assert.equal(long.responses.length, 0)
    long.sent[0]!.data('b')
    assert.equal(long.responses.length, 1)
    long.sent[0]!.end({ 'x-sum': '1' })
    assert.deepEqual(long.responses[0]!.trailers, { 'x-sum': '1' })
  })

  test('the shorter limit names the reason; a request that finds all connections taken is in a queue', async () => {
    const equal = startLoop(time, { timeouts: { connect: 0, response: 100, total: 100 }, retry: { attempts: 1 } })
    equal.sent[0]!.start()
    await time.pass(100)
    assert.deepEqual(equal.codes(), ['response-timeout'])
    for (const [active, code] of [[2, 'connect-timeout'], [3, 'response-timeout']] as const) {
      const { exchange, codes } = startLoop(time, {
        timeouts: { connect: 0, response: 100, total: 0 },
        connections: { max: 2 },
        retry: { attempts: 1 }
      })
      setActive(exchange.attempt!.target.load, active)
      await time.pass(100)
      assert.deepEqual(codes(), [code])
    }
  })
})
