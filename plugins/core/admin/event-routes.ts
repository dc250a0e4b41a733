/** `GET /events`: the latest events as JSON, or those to come as a stream. */

import { hash } from 'node:crypto'
import { addAbortListener } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import { type FastifyReply, type FastifyRequest, type GatewayApi, GatewayError, operatorOf } from '../../../src/index.ts'
import { eventsAfter, readEventQuery, wantsStream } from './event-query.ts'
import { EventStreams } from './event-streams.ts'

/** Adds the route to the admin listener, behind its guard. */
export function addEventRoutes (gateway: GatewayApi): void {
  const { admin, control, events } = gateway
  // One for all generations, so that a reload disconnects no client.
  const streams = gateway.resource({ kind: 'admin', key: 'event-streams', create: () => new EventStreams(), close: all => all.end() })
  // A digest, because the token is a secret.
  const rules = hash('sha256', JSON.stringify(gateway.config.admin), 'base64')

  events.subscribe(event => {
    streams.send(event, rules)
    if (event.type === 'drain-started') streams.end()
  })

  admin.get('/events', (request: FastifyRequest, reply: FastifyReply) => {
    const { accept, 'last-event-id': lastEventId } = request.headers
    const { fits, since } = readEventQuery(request.query, lastEventId as string | undefined)
    const recent = events.recent()
    if (request.method !== 'GET' || !wantsStream(accept)) return eventsAfter(recent, since ?? 0).filter(fits)
    if (control.draining) throw new GatewayError('shutting-down')
    if (streams.full) throw new GatewayError('overloaded', { detail: 'too many clients read events', headers: { 'retry-after': '5' } })
    void reply.hijack()
    reply.raw.writeHead(200, { ...reply.getHeaders() as OutgoingHttpHeaders, 'content-type': 'text/event-stream' })
    const { ended } = operatorOf(request)
    if (ended !== undefined) addAbortListener(ended, () => reply.raw.end())
    streams.add(reply.raw, since === undefined ? [] : eventsAfter(recent, since).filter(fits), fits, rules)
    return reply
  })
}
