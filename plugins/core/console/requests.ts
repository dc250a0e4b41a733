/** `GET /requests`, `GET /requests/ID`: the last exchanges, and the story of one. */

import { type Clock, type FastifyInstance, type GatewayApi, GatewayError, reasons } from '../../../src/index.ts'
import { policiesOf, type PolicyVerdict, type RoutedPolicies } from './requests-policies.ts'
import { find, readRequestQuery, type RequestQuery, type RequestQuestion } from './requests-query.ts'
import type { KeepRules } from './requests-record.ts'
import { RecentRequests } from './requests-ring.ts'
import { readShown } from './requests-shown.ts'
import { spansOf } from './requests-spans.ts'
import type { RequestView } from './requests-view.ts'
import { wordsOf } from './requests-words.ts'
import { traceLink } from './trace-url.ts'

const channel = 'console-requests'

/** How long a thread may take to answer, in milliseconds. One that hangs must not hold up the others. */
const longestAnswer = 1000

/** In every thread that serves clients: keeps the exchanges that end there. */
export function keepRequests (gateway: GatewayApi): void {
  const { config, control, threads } = gateway
  const most = config.console.requests
  if (most === 0 || threads.role === 'control') return
  const recent = takeRecent(gateway)
  const rules: KeepRules = { shown: readShown(config), countsBytes: config.accessLog.enabled }
  gateway.onClosed((exchange, now) => { recent.keep(exchange, most, now, control.generation, rules) })
}

/** In the thread with the admin listener: adds the routes. */
export function addRequests ({ gateway }: FastifyInstance): void {
  const { admin, config: { console: { requests: kept, traceUrl } } } = gateway
  if (kept === 0) return
  const ask = asker(gateway)
  const link = ({ sampled, traceId = '' }: RequestView): object =>
    traceUrl !== undefined && sampled && /^[0-9a-f]{32}$/.test(traceId) ? { traceUrl: traceLink(traceUrl, traceId) } : {}

  admin.get('/requests', async ({ query }) => {
    const { found, silent } = await ask(readRequestQuery(query))
    return { requests: found.map(request => ({ ...request, ...link(request) })), ...silent.length === 0 ? {} : { silentThreads: silent } }
  })
  // Not a parameter: ids are longer than those may be.
  admin.get('/requests/*', async ({ params }) => {
    const id = (params as { readonly '*': string })['*']
    const { found: [request], silent } = await ask({ id, whole: true, statuses: [], reasons: [], limit: 1 })
    if (request === undefined) {
      const others = silent.length === 0 ? '' : `; thread ${silent.join(', ')} does not respond`
      throw new GatewayError('not-found', { detail: `none of the last requests has this id${others}` })
    }
    const policies = await policiesOnTheWay(gateway, request)
    return {
      ...request,
      ...link(request),
      ...helpOf(request),
      policies,
      words: wordsOf(request, policies),
      spans: spansOf(request)
    }
  })
}

/** One for all generations of this thread, so that a reload forgets nothing. */
function takeRecent ({ clock, resource, threads: { role, number, toControl } }: GatewayApi): RecentRequests {
  return resource({
    kind: 'console',
    key: 'requests',
    create () {
      const recent = new RecentRequests()
      const epoch = epochOf(clock)
      if (role === 'data') {
        toControl!.answer(channel, (question: RequestQuestion) => find(recent, question, { thread: number, epoch: epoch() }))
      }
      return recent
    },
    close: recent => recent.clear()
  })
}

interface Found {
  /** The newest first. */
  readonly found: readonly RequestView[]
  /** The threads that did not answer. */
  readonly silent: readonly number[]
}

function asker (gateway: GatewayApi): (query: RequestQuery) => Promise<Found> {
  const { toThreads } = gateway.threads
  const rules = readShown(gateway.config)
  if (toThreads === undefined) {
    const recent = takeRecent(gateway)
    const epoch = epochOf(gateway.clock)
    return async query => ({ found: find(recent, { ...query, rules }, { thread: undefined, epoch: epoch() }), silent: [] })
  }
  return async query => {
    const asked = toThreads.threads
    const answers = await toThreads.askAll(channel, { ...query, rules }, longestAnswer) as ReadonlyMap<number, readonly RequestView[]>
    const all = [...answers.values()].flat()
    const newest = all.toSorted((one, other) => other.time + other.durationMs - one.time - one.durationMs)
    return { found: newest.slice(0, query.limit), silent: asked.filter(thread => !answers.has(thread)) }
  }
}

/** What is added to monotonic times for those since 1970: the same until the clock is set, so that times do not waver by a millisecond. */
function epochOf (clock: Clock): () => number {
  let epoch = clock.wall() - clock.now()
  return () => {
    const now = clock.wall() - clock.now()
    if (Math.abs(now - epoch) > 50) epoch = now
    return epoch
  }
}

/** By the configuration that served the exchange; none where that is forgotten. */
async function policiesOnTheWay ({ config, control }: GatewayApi, request: RequestView): Promise<PolicyVerdict[]> {
  const { generation } = request
  if (generation === control.generation) return policiesOf(request, config)
  const number = control.history.records.find(record => record.generation === generation)?.number
  const effective = number === undefined ? undefined : await control.history.effective(number)
  return effective === undefined ? [] : policiesOf(request, effective.value as unknown as RoutedPolicies)
}

/** What the reason means and what to do. */
function helpOf ({ reason = '' }: RequestView): object {
  return Object.hasOwn(reasons, reason) ? { help: reasons[reason as keyof typeof reasons].help } : {}
}
