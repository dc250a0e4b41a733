/** `GET /live`: what the JSON routes say, once a second, to those who watch. */

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { hostname } from 'node:os'
import { type Clock, type FastifyInstance, GatewayError, version } from '../../../src/index.ts'
import { Answers } from './live-answers.ts'
import type { Ask } from './live-reading.ts'
import { readTables } from './live-tables.ts'
import { LiveViewers } from './live-viewers.ts'

/** What the guard of the admin listener looks at. */
const credentials = ['host', 'authorization', 'cookie', 'origin', 'sec-fetch-site'] as const

/** The admin listeners that there are, each of a generation, the oldest first. */
type Listeners = FastifyInstance[]

/** Adds the route to the admin listener, behind its guard. */
export function addLive (app: Pick<FastifyInstance, 'gateway' | 'addHook'>): void {
  const { admin, clock, control, events, resource } = app.gateway
  // One for all generations, so that a reload disconnects no viewer.
  const listeners = resource<Listeners>({ kind: 'console', key: 'listeners', create: () => [] })
  const answers = resource({ kind: 'console', key: 'answers', create: () => new Answers() })
  const viewers = resource({ kind: 'console', key: 'viewers', create: creating(clock), close: all => all.end() })
  app.addHook('onReady', async () => { listeners.push(admin) })
  app.addHook('onClose', async () => {
    const place = listeners.indexOf(admin)
    if (place >= 0) listeners.splice(place, 1)
  })
  events.subscribe(({ type }) => { if (type === 'drain-started') viewers.end() })

  admin.addHook('preSerialization', (request, _reply, payload, done) => done(null, answers.take(request.headers, payload)))
  admin.get('/live', { exposeHeadRoute: false }, (request, reply) => {
    const tables = readTables(request.query)
    if (control.draining) throw new GatewayError('shutting-down')
    if (viewers.full) throw new GatewayError('overloaded', { detail: 'too many clients watch', headers: { 'retry-after': '5' } })
    void reply.hijack()
    reply.raw.writeHead(200, { ...reply.getHeaders() as OutgoingHttpHeaders, 'content-type': 'text/event-stream' })
    reply.raw.flushHeaders()
    viewers.add({ response: reply.raw, tables, ask: askerOf(listeners, answers, request.headers) })
    return reply
  })
}

/** It refers to no generation. */
function creating (clock: Clock): () => LiveViewers {
  return () => new LiveViewers(() => clock.wall(), aboutProcess())
}

/** Asks the newest listener as the client that has these headers would. */
function askerOf (listeners: Listeners, answers: Answers, sent: IncomingHttpHeaders): Ask {
  const headers = Object.fromEntries(credentials.flatMap(name => sent[name] === undefined ? [] : [[name, sent[name]]]))
  return async path => {
    const listener = listeners.at(-1)!
    const { statusCode, answer } = await answers.of(async mark => await listener.inject({ url: path, headers: { ...headers, ...mark } }))
    if (statusCode === 404) return undefined
    if (statusCode === 401 || statusCode === 403) throw new Error('the viewer may no longer look')
    return answer
  }
}

function aboutProcess (): object {
  return { host: hostname(), version, startedAt: Math.round(performance.timeOrigin) }
}
