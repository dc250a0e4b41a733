/** `GET /events?since=N&type=A,B`: which events are meant. */

import { eventTypes, GatewayError, type GatewayEvent } from '../../../src/index.ts'

/** Whether an event is of a type that was asked for. */
export type EventFilter = (event: GatewayEvent) => boolean

/** What was asked for. */
export interface EventQuery {
  readonly fits: EventFilter
  /** Number of the last event that the client has seen; undefined where it does not say. */
  readonly since: number | undefined
}

/**
 * Reads the query, and the field Last-Event-ID, which counts more: a browser that comes back repeats its query.
 * @throws GatewayError `bad-request`
 */
export function readEventQuery (query: unknown, lastEventId: string | undefined): EventQuery {
  const { since, type } = query as { readonly since?: unknown, readonly type?: string | readonly string[] }
  if (since !== undefined && !isNumber(since)) throw new GatewayError('bad-request', { detail: '`since` must be the number of an event' })
  const types = new Set([type ?? []].flat().flatMap(names => names.split(',')))
  const unknown = [...types].find(name => !(eventTypes as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new GatewayError('bad-request', { detail: `no event has this \`type\`; there are ${eventTypes.join(', ')}` })
  }
  return {
    fits: types.size === 0 ? () => true : event => types.has(event.type),
    since: isNumber(lastEventId) ? Number(lastEventId) : since === undefined ? undefined : Number(since)
  }
}

/** Those of `events` after number `since`. A number that no event has yet is from before a restart: then all are new. */
export function eventsAfter (events: readonly GatewayEvent[], since: number): readonly GatewayEvent[] {
  const newest = events.at(-1)?.number ?? 0
  return since > newest ? events : events.filter(({ number }) => number > since)
}

/** Whether a client asks for a stream and not for a list. */
export function wantsStream (accept: string | undefined): boolean {
  return accept !== undefined && /(?:^|,)\s*text\/event-stream\s*(?:[;,]|$)/i.test(accept)
}

function isNumber (text: unknown): text is string {
  return typeof text === 'string' && /^\d{1,15}$/.test(text)
}
