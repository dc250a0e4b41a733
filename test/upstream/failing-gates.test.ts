/** A gate or an observer that throws harms no other and leaves no count behind. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Attempt, Outcome, Gate } from '../../src/contract/target.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { UpstreamTarget } from '../../src/upstream/target.ts'
import { TargetGroup } from '../../src/upstream/upstream.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { exchange, upstreamConfig } from '../load-balancing/upstream.ts'

type Step = 'enter' | 'answered' | 'settle'

/** A gate that counts what is open at it, and throws at one step or at none. */
class Counting implements Gate {
  readonly name: string
  readonly open = new Set<number>()
  answers = 0
  reports = 0
  #last = 0
  readonly #throwsAt: Step | undefined

  constructor (index: number, throwsAt: Step | undefined) {
    this.name = `gate-${index}`
    this.#throwsAt = throwsAt
  }

  permits (): boolean {
    return true
  }

  enter (): number {
    this.#maybe('enter')
    this.open.add(++this.#last)
    return this.#last
  }

  answered (): void {
    this.answers++
    this.#maybe('answered')
  }

  settle (_attempt: Attempt, ticket: number): void {
    assert.ok(this.open.delete(ticket), 'settled once, with its own ticket')
    this.reports++
    this.#maybe('settle')
  }

  describe (): { readonly state: string } {
    return { state: 'counting' }
  }

  #maybe (step: Step): void {
    if (step === this.#throwsAt) throw new Error(`${this.name} at ${step}`)
  }
}

test('whatever gates and observers throw, all that was entered is settled everywhere', async () => {
  const faults = fc.array(fc.constantFrom<Step | undefined>('enter', 'answered', 'settle', undefined), { minLength: 1, maxLength: 5 })
  const outcomes = fc.array(
    fc.record({ answered: fc.boolean(), outcome: fc.constantFrom<Outcome>('success', 'failure', 'ignored') }),
    { maxLength: 8 }
  )
  await fc.assert(fc.asyncProperty(faults, outcomes, fc.boolean(), async (throwsAt, attempts, throwing) => {
    const told: string[] = []
    const upstream = new TargetGroup('users', upstreamConfig(), {
      createTarget: () => { throw new Error('no member joins') },
      onError: (_error, what) => told.push(what)
    })
    const load = new KeptLoad()
    const target = new UpstreamTarget({
      upstream,
      origin: 'http://a.test',
      basePath: '',
      weight: 1,
      config: {},
      load,
      transport: undefined
    })
    const gates = throwsAt.map((step, index) => new Counting(index, step))
    target.gates.push(...gates)
    upstream.setTargets([target])
    let [seen, heads] = [0, 0]
    if (throwing) for (const list of [upstream.observers, upstream.headObservers]) list.push(() => { throw new Error('observer') })
    upstream.observers.push(() => { seen++ })
    upstream.headObservers.push(() => { heads++ })

    const entered = attempts.map(() => upstream.select(exchange(), 0))
    assert.equal(load.active, attempts.length)
    for (const [index, { answered, outcome }] of attempts.entries()) {
      if (answered) target.answered(entered[index]!, 1)
      target.settle(entered[index]!, outcome, 1)
      target.settle(entered[index]!, outcome, 1)
    }

    const answers = attempts.filter(({ answered }) => answered).length
    assert.deepEqual([load.active, seen, heads], [0, attempts.length, answers])
    for (const [index, gate] of gates.entries()) {
      const heard = throwsAt[index] === 'enter' ? [0, 0, 0] : [0, attempts.length, answers]
      assert.deepEqual([gate.open.size, gate.reports, gate.answers], heard)
    }
    const expected = throwsAt.reduce(
      (sum, step) => sum + (step === undefined ? 0 : step === 'answered' ? answers : attempts.length),
      throwing ? attempts.length + answers : 0
    )
    assert.equal(told.length, expected, 'each is told')
    await target.leave()
  }))
})

const faulty = `
export default async function (app) {
  for (const upstream of app.gateway.upstreams.values()) {
    upstream.addGate(() => ({
      name: 'own',
      permits: () => true,
      enter: () => { throw new Error('enter') },
      settle: () => { throw new Error('settle') },
      describe: () => ({ state: 'own' })
    }))
    upstream.observers.push(() => { throw new Error('observer') })
    upstream.fieldWriters.push(({ path }) => { if (path === '/fields') throw new Error('fields') })
  }
}
export const config = {}
`

test('with such a plugin every request gets a response, nothing stays open, and the log names it', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
plugins: [{ plugin: ./faulty.mjs }]
upstreams: { back: { targets: ['${target.url}'] } }
routes: [{ path: '/*', upstream: back }]
`, { files: { 'faulty.mjs': faulty } })
  assert.equal((await send(gateway.url, '/')).status, 200)
  assert.equal((await send(gateway.url, '/fields')).status, 500)
  await gateway.logged(({ msg, upstream }) => msg === 'the gate own failed' && upstream === 'back')
  const [{ targets: [seen], retries }] = await (await fetch(`${gateway.admin}/upstreams`)).json() as [{
    targets: [{ active: number }],
    retries: { first: number, extra: number }
  }]
  assert.deepEqual([seen.active, retries.first, retries.extra], [0, 0, 0])
})
