/** The breaker against a model that remembers everything and calculates everything anew, over random histories. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Breaker } from '../../plugins/core/circuit-breaking/breaker.ts'
import type { BreakerOptions } from '../../plugins/core/circuit-breaking/breaker-options.ts'

const options: BreakerOptions = {
  failures: 4,
  failureRate: 0.5,
  slowCallRate: 0.7,
  window: 1000,
  minRequests: 6,
  openFor: 500,
  maxOpenFor: 3000,
  probes: 2
}

type Verdict = 'good' | 'bad' | 'slow' | 'throttled' | 'cut' | 'ignored'

/** A request that went through, as the model knows it. */
interface Passage {
  readonly ticket: number
  /** Number of the state in which it began. */
  readonly era: number
}

/** One request of a closed era: when its head was told, and what it was. */
interface Told {
  readonly at: number
  verdict: Verdict
}

class Model {
  era = 0
  state: 'closed' | 'open' | 'half-open' = 'closed'
  until = 0
  /** Times opened since it was last closed. */
  times = 0
  told: Told[] = []
  /** Cuts by the time they were noticed. */
  cuts: number[] = []
  asked = 0
  probes = { out: new Set<Passage>(), passed: 0, lostAt: 0 }

  permits (now: number): boolean {
    if (this.state === 'closed') return true
    return this.state === 'open'
      ? now >= this.until
      : this.probes.out.size + this.probes.passed < options.probes || now >= this.probes.lostAt
  }

  enter (ticket: number, now: number): Passage {
    if (this.state === 'open') {
      this.#next('half-open')
      this.probes = { out: new Set(), passed: 0, lostAt: 0 }
    } else if (this.state === 'half-open' && this.probes.out.size + this.probes.passed >= options.probes) {
      this.era++
      this.probes.out.clear()
    }
    const passage = { ticket, era: this.era }
    if (this.state === 'half-open') {
      this.probes.out.add(passage)
      this.probes.lostAt = now + options.openFor
    }
    return passage
  }

  /** `asked`: the Retry-After of a bad response. */
  report (passage: Passage, verdict: Verdict, asked: number, now: number): void {
    if (passage.era !== this.era) return
    this.asked = verdict === 'bad' || verdict === 'throttled' ? asked : 0
    if (this.state === 'closed') this.#count(verdict, now)
    else if (this.state === 'half-open') this.#probed(passage, verdict, now)
  }

  /** Another check has found the target healthy. */
  recovered (now: number): void {
    if (this.state !== 'open' || now >= this.until) return
    this.era++
    this.until = now
  }

  #probed (passage: Passage, verdict: Verdict, now: number): void {
    this.probes.out.delete(passage)
    if (verdict === 'ignored') return
    if (verdict !== 'good' && verdict !== 'cut') return this.#open(now)
    this.probes.passed++
    if (this.probes.passed < options.probes) return
    this.#next('closed')
    this.times = 0
    this.told = []
    this.cuts = []
  }

  #count (verdict: Verdict, now: number): void {
    if (verdict === 'ignored') return
    this.told.push({ at: now, verdict })
    if (verdict === 'cut') {
      // The head is heard before the cut: the shares are looked at in between, with the request as a good one.
      this.told.at(-1)!.verdict = 'good'
      if (this.#tooMany(now)) return this.#open(now)
      this.told.at(-1)!.verdict = 'cut'
      this.cuts.push(now)
    }
    if (this.#row() >= options.failures || this.#tooMany(now)) this.#open(now)
  }

  /** Bad heads since the last good one, and cuts since the last whole response. */
  #row (): number {
    const heads = this.told.filter(({ verdict }) => verdict !== 'throttled')
    const bad = heads.length - 1 - heads.findLastIndex(({ verdict }) => verdict !== 'bad')
    const sinceWhole = this.told.slice(this.told.findLastIndex(({ verdict }) => verdict === 'good' || verdict === 'slow') + 1)
    return bad + sinceWhole.filter(({ verdict }) => verdict === 'cut').length
  }

  #tooMany (now: number): boolean {
    const width = options.window / 10
    const recent = this.told.filter(({ at }) => Math.floor(at / width) > Math.floor(now / width) - 10)
    const failed = recent.filter(({ verdict }) => verdict === 'bad' || verdict === 'throttled' || verdict === 'cut').length
    const slow = recent.filter(({ verdict }) => verdict === 'slow').length
    return recent.length >= options.minRequests && (
      failed >= options.failureRate * recent.length || slow >= options.slowCallRate * recent.length
    )
  }

  #open (now: number): void {
    this.#next('open')
    this.times++
    this.until = now + Math.min(Math.max(options.openFor * 2 ** (this.times - 1), this.asked), options.maxOpenFor)
  }

  #next (state: Model['state']): void {
    this.state = state
    this.era++
  }
}

function report (breaker: Breaker, ticket: number, verdict: Verdict, asked: number, now: number): void {
  if (verdict === 'ignored') return breaker.ignored(ticket)
  if (verdict === 'bad' || verdict === 'throttled') {
    return breaker.failed(ticket, { cause: 503, slow: false, throttled: verdict === 'throttled', retryAfter: asked }, now)
  }
  breaker.answered(ticket, verdict === 'slow', now)
  if (verdict === 'cut') breaker.cut(ticket, 1000, now)
  else breaker.completed(ticket)
}

const step = fc.record({
  after: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 60 }) }, { weight: 1, arbitrary: fc.nat({ max: 1500 }) }),
  /** Begin a request, or end one of those under way. */
  begin: fc.boolean(),
  which: fc.nat({ max: 20 }),
  /** Retry-After of a bad response. */
  asked: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(100, 700, 10_000) }),
  /** A probe finds the target well. */
  found: fc.nat({ max: 30 }).map(chance => chance === 0),
  verdict: fc.constantFrom<Verdict>('good', 'good', 'bad', 'bad', 'slow', 'throttled', 'cut', 'ignored')
})

test('S1-75 S2-066 S2-073 over random histories the breaker permits what the model permits', () => {
  let openings = 0
  let closings = 0
  fc.assert(fc.property(fc.array(step, { maxLength: 150, size: 'max' }), steps => {
    const breaker = new Breaker(options, () => 0)
    const model = new Model()
    const running: Passage[] = []
    let now = 0
    for (const { after, begin, which, verdict, asked, found } of steps) {
      now += after
      if (found) {
        breaker.recovered(now)
        model.recovered(now)
      }
      assert.equal(breaker.permits(now), model.permits(now), `at ${now}`)
      const before = model.state
      if (begin || running.length === 0) {
        if (model.permits(now)) running.push(model.enter(breaker.enter(now), now))
      } else {
        const [passage] = running.splice(which % running.length, 1)
        report(breaker, passage!.ticket, verdict, asked, now)
        model.report(passage!, verdict, asked, now)
      }
      assert.equal(breaker.kind, model.state, `at ${now}`)
      if (model.state === 'open') assert.equal(breaker.describe(-1).opensAt, model.until)
      if (before !== model.state && model.state === 'open') openings++
      if (before !== model.state && model.state === 'closed') closings++
    }
  }), { numRuns: 400 })
  assert.ok(openings > 100 && closings > 100, 'the histories lead somewhere')
})
