/** `POST /debug/cpu` and `POST /debug/heap`: profiles of a thread, for Chrome DevTools. */

import { type FastifyReply, type FastifyRequest, type GatewayApi, GatewayError, type Threads } from '../../../src/index.ts'
import { offerProfiles, Profiles } from './profiles.ts'
import { Profiler } from './profiler.ts'

/** How long a CPU profile is taken, in seconds. */
const usualTime = 10
const longestTime = 60

/** Adds the routes to the admin listener, behind its guard, where the configuration allows them. */
export function addDebugRoutes (gateway: GatewayApi): void {
  const { admin, config, threads, rehearsal } = gateway
  if (!config.admin.debug || rehearsal) return
  if (threads.role === 'data') {
    offerProfiles(threads, gateway.resource({
      kind: 'admin',
      key: 'profiler',
      create: () => new Profiler(),
      close: async profiler => { await profiler.step('drop') }
    }))
    return
  }
  // One for all generations, because there is one profile at a time.
  const profiles = gateway.resource({
    kind: 'admin',
    key: 'profiles',
    create: () => new Profiles(),
    close: async all => await all.close()
  })

  admin.post('/debug/cpu', async ({ query }: FastifyRequest, reply: FastifyReply) => {
    const thread = threadOf(query, threads)
    const milliseconds = 1000 * readNumber(query, 'seconds', { least: 1, most: longestTime, usual: usualTime })
    const left = new AbortController()
    reply.raw.once('close', () => left.abort())
    const profile = await profiles.cpu(threads, thread, milliseconds, left.signal)
    return asFile(reply, `thread-${thread}.cpuprofile`).send(profile)
  })

  admin.post('/debug/heap', async ({ query }: FastifyRequest, reply: FastifyReply) => {
    const thread = threadOf(query, threads)
    const snapshot = await profiles.heap(threads, thread)
    return asFile(reply, `thread-${thread}.heapsnapshot`).send(snapshot)
  })
}

function asFile (reply: FastifyReply, name: string): FastifyReply {
  return reply.type('application/json').header('content-disposition', `attachment; filename="${name}"`)
}

/** The thread that is meant; by default the control thread, or the only one. @throws GatewayError `bad-request` */
function threadOf (query: unknown, { toThreads }: Threads): number {
  const most = Math.max(0, ...toThreads?.threads ?? [])
  const thread = readNumber(query, 'thread', { least: 0, most, usual: 0 })
  if (thread === 0 || toThreads!.threads.includes(thread)) return thread
  throw new GatewayError('bad-request', { detail: `there is no thread ${thread} now` })
}

/** Reads a parameter that is an integer. @throws GatewayError `bad-request` */
function readNumber (query: unknown, name: string, range: { least: number, most: number, usual: number }): number {
  const text = (query as Readonly<Record<string, unknown>>)[name]
  const { least, most, usual } = range
  if (text === undefined) return usual
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (value >= least && value <= most) return value
  throw new GatewayError('bad-request', {
    detail: `\`${name}\` must be ${least === most ? String(least) : `an integer from ${least} to ${most}`}`
  })
}
