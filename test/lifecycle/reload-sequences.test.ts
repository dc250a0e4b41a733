/**
 * Random sequences of configurations: what a file leaves as it is keeps its state, what it changes or takes
 * away starts afresh, and a broken file changes nothing.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from '../helpers/target.ts'
import { onlyLatest } from './endings.ts'

interface Member {
  readonly name: string
  readonly weight: number
}

interface Upstream {
  readonly members: readonly Member[]
  readonly balance: 'round-robin' | 'weighted-round-robin'
  /** In a row, for the breaker. */
  readonly failures: number
  /** Of passive health. */
  readonly minRequests: number
}

/** What changes from file to file. */
interface Plan {
  /** Requests that the limiter lets through; undefined: there is no such policy. */
  readonly limit: number | undefined
  /** Undefined: there is no such upstream. */
  readonly upstream: Upstream | undefined
}

const nothing: Plan = { limit: undefined, upstream: undefined }
const first: Upstream = {
  members: [{ name: 'a', weight: 1 }, { name: 'b', weight: 1 }],
  balance: 'round-robin',
  failures: 2,
  minRequests: 6
}

const member = fc.record({ name: fc.constantFrom('a', 'b', 'c'), weight: fc.constantFrom(1, 2) })
const members = fc.uniqueArray(member, { minLength: 1, selector: ({ name }) => name })
const balance = fc.constantFrom('round-robin' as const, 'weighted-round-robin' as const)
/** Mostly one thing, so that there is much to keep. */
const edit: fc.Arbitrary<Partial<Upstream> | 'upstream' | { readonly limit: number | undefined }> = fc.oneof(
  fc.record({ members }), fc.record({ balance }), fc.record({ failures: fc.constantFrom(
    2,
    3
  ) }), fc.record({ failures: fc.constantFrom(2, 3) }), fc.record({ minRequests: fc.constantFrom(6, 7) }),
  fc.constant({}), fc.constant('upstream' as const), fc.record({ limit: fc.constantFrom(undefined, 2, 3) }),
  fc.record({ members, balance, failures: fc.constantFrom(2, 3), minRequests: fc.constantFrom(6, 7) })
)

/** The plan with something else in it; `upstream` takes the upstream away, or brings it back. */
function edited ({ limit, upstream }: Plan, how: Partial<Upstream> | 'upstream' | { readonly limit: number | undefined }): Plan {
  if (how === 'upstream') return { limit, upstream: upstream === undefined ? first : undefined }
  if ('limit' in how) return { limit: how.limit, upstream }
  return { limit, upstream: upstream === undefined ? undefined : { ...upstream, ...how } }
}

type Step =
  | { readonly does: 'reload', readonly edit: Parameters<typeof edited>[1] }
  | { readonly does: 'mistake' }
  | { readonly does: 'count' }
  | { readonly does: 'proxy', readonly fails: boolean }
  | { readonly does: 'drain' | 'undrain', readonly name: string }

const name = fc.constantFrom('a', 'b', 'c')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('reload' as const), edit }) },
  { weight: 1, arbitrary: fc.constant({ does: 'mistake' as const }) },
  { weight: 4, arbitrary: fc.constant({ does: 'count' as const }) },
  { weight: 14, arbitrary: fc.record({ does: fc.constant('proxy' as const), fails: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('drain' as const, 'drain' as const, 'undrain' as const), name }) }
)

/** What there is to know about a target. */
interface Known {
  drained: boolean
  /** Failures in a row; the breaker is open when there are `failures`. */
  row: number
  all: number
  failed: number
}

/** What the gateway should remember. */
class Model {
  plan: Plan = nothing
  counted = 0
  last: string | undefined
  credits = new Map<string, number>()
  targets = new Map<string, Known>()

  reload (to: Plan): void {
    const { plan: from } = this
    this.plan = to
    if (to.limit !== from.limit) this.counted = 0
    if (to.upstream?.balance !== from.upstream?.balance) {
      this.last = undefined
      this.credits.clear()
    }
    const before = this.targets
    this.targets = new Map((to.upstream?.members ?? []).map(({ name: target }) => {
      const { drained, row, all, failed } = before.get(target) ?? { drained: false, row: 0, all: 0, failed: 0 }
      const breaker = to.upstream?.failures === from.upstream?.failures ? { row } : { row: 0 }
      const health = to.upstream?.minRequests === from.upstream?.minRequests ? { all, failed } : { all: 0, failed: 0 }
      return [target, { drained, ...breaker, ...health }]
    }))
  }

  count (): number {
    const { limit } = this.plan
    if (limit === undefined) return 404
    return this.counted < limit ? (this.counted++, 200) : 429
  }

  /** Status and target. */
  proxy (fails: boolean): string {
    const { upstream } = this.plan
    if (upstream === undefined) return '404 '
    const open = upstream.members.filter(({ name: target }) => this.#open(this.targets.get(target)!))
    if (open.length === 0) return '503 '
    const { name: target } = this.#pick(open, upstream)
    const known = this.targets.get(target)!
    known.all++
    known.row = fails ? known.row + 1 : 0
    if (fails) known.failed++
    return `${fails ? 500 : 200} ${target}`
  }

  #open ({ drained, row, all, failed }: Known): boolean {
    const { failures, minRequests } = this.plan.upstream!
    return !drained && row < failures && (all < minRequests || failed < all / 2)
  }

  #pick (open: readonly Member[], { members: all, balance: how }: Upstream): Member {
    // With one left there is no choice, and no other target loses a request.
    if (open.length === 1) return open[0]!
    if (how === 'round-robin') {
      const at = all.findIndex(({ name: target }) => target === this.last)
      const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(one => open.includes(one))!
      this.last = next.name
      return next
    }
    for (const target of this.credits.keys()) if (!all.some(one => one.name === target)) this.credits.delete(target)
    for (const { name: target, weight } of open) this.credits.set(target, (this.credits.get(target) ?? 0) + weight)
    const richest = open.reduce((best, one) => this.credits.get(one.name)! > this.credits.get(best.name)! ? one : best)
    this.credits.set(richest.name, this.credits.get(richest.name)! - open.reduce((sum, { weight }) => sum + weight, 0))
    return richest
  }
}

test('over any sequence of configurations, state is kept for exactly what is the same in both', async t => {
  const urls = new Map<string, string>()
  for (const target of ['a', 'b', 'c']) {
    const { url } = await startService(
      t,
      ({ url: path }, response) => { response.writeHead(path === '/proxy/bad' ? 500 : 200).end(target) }
    )
    urls.set(target, url)
  }
  const door = await startGateway(t, yamlOf(nothing, urls), { clock: { now: () => 1000, wall: () => 0 } })
  const reload = async (yaml: string): Promise<boolean> => {
    door.write(yaml)
    const { ok } = await door.gateway.reload('test')
    await onlyLatest()
    return ok
  }
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 40 }), async steps => {
    assert.ok(await reload(yamlOf(nothing, urls)))
    const model = new Model()
    const goOn = async (to: Plan): Promise<void> => {
      assert.ok(await reload(yamlOf(to, urls)))
      model.reload(to)
    }
    await goOn({ limit: 2, upstream: first })
    for (const [at, one] of steps.entries()) {
      const told = (): string => `step ${at}: ${JSON.stringify(one)} under ${JSON.stringify(model.plan)}`
      if (one.does === 'reload') {
        await goOn(edited(model.plan, one.edit))
      } else if (one.does === 'mistake') {
        assert.equal(await reload(`${yamlOf(model.plan, urls)}nonsense: 1\n`), false)
      } else if (one.does === 'count') {
        assert.equal((await fetch(`${door.url}/count`)).status, model.count(), told())
      } else if (one.does === 'proxy') {
        const { status, text } = await answerOf(`${door.url}/proxy/${one.fails ? 'bad' : 'good'}`)
        assert.equal(`${status} ${status === 404 || status === 503 ? '' : text}`, model.proxy(one.fails), told())
      } else if (model.targets.has(one.name)) {
        // Also the last one that is open.
        await fetch(`${door.admin}/upstreams/back/${one.does}?target=${urls.get(one.name)!}&force=true`, { method: 'POST' })
        model.targets.get(one.name)!.drained = one.does === 'drain'
      }
    }
  }), { numRuns: 5 })
})

async function answerOf (url: string): Promise<{ status: number, text: string }> {
  const answer = await fetch(url)
  return { status: answer.status, text: await answer.text() }
}

const endings = fileURLToPath(new URL('endings.ts', import.meta.url))

function yamlOf ({ limit, upstream }: Plan, urls: ReadonlyMap<string, string>): string {
  const targets = upstream?.members.map(({ name: target, weight }) => `{ url: '${urls.get(target)!}', weight: ${weight} }`).join()
  return `
plugins: [${endings}]
${limit === undefined ? '' : `policies: { counted: { plugin: rate-limiting, limit: ${limit}/h } }`}
${upstream === undefined ? '' : `upstreams:
  back:
    targets: [${targets}]
    balance: ${upstream.balance}
    retry: { attempts: 1 }
    circuitBreaker: { failures: ${upstream.failures}, minRequests: 1000, openFor: 1h }
    healthChecks: { passive: { window: 1h, errorRate: 0.5, minRequests: ${upstream.minRequests} }, whenNoneHealthy: fail-closed }`}
routes:
  - { path: /rest, respond: { text: rest } }
${limit === undefined ? '' : '  - { path: /count, respond: { text: ok }, policies: [counted] }'}
${upstream === undefined ? '' : '  - { path: /proxy/*, upstream: back }'}
`
}
