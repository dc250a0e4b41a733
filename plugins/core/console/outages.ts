/** What has failed and has not recovered since, as the latest events tell. */

import type { EventType, GatewayEvent } from '../../../src/index.ts'
import type { Problem, Severity } from './problems.ts'
import { ago, count, lasting } from './problem-words.ts'
import type { Situation } from './situation.ts'

/** How long something that has passed is told of, in milliseconds. */
const toldFor = 300_000

interface Outage {
  readonly severity: Severity
  /** The types that end it. */
  readonly ends: readonly EventType[]
  readonly words: (event: GatewayEvent) => string
  /** Where it is shown; the overview unless it says otherwise. */
  readonly link?: string
}

const field = (event: GatewayEvent, name: string): string => String((event as unknown as Readonly<Record<string, unknown>>)[name])

const because = (event: GatewayEvent): string => 'why' in event && event.why !== undefined ? `: ${event.why}` : ''

/** By the type that begins it. */
const kinds: Partial<Readonly<Record<EventType, Outage>>> = {
  'maintenance-started': {
    severity: 'critical',
    ends: ['maintenance-ended'],
    words: event => `maintenance by ${field(event, 'by')}: requests get 503`
  },
  'event-loop-overloaded': {
    severity: 'critical',
    ends: ['event-loop-calm'],
    words: event => `${event.thread === undefined ? 'the event loop' : `thread ${event.thread}`} is overloaded: ` +
      `requests of priority ${field(event, 'shed').replaceAll(',', ', ')} are refused`
  },
  'identity-service-unavailable': {
    severity: 'critical',
    ends: ['identity-service-available'],
    words: event => `the service of ${field(event, 'policy')} does not respond`
  },
  'limit-store-unavailable': {
    severity: 'warning',
    ends: ['limit-store-available'],
    words: event => `the Redis of ${field(event, 'policy')} does not respond; ${field(event, 'instead')}`,
    link: '#/limits'
  },
  'discovery-failed': {
    severity: 'warning',
    ends: ['discovery-recovered'],
    words: event => `targets of ${field(event, 'upstream')} cannot be looked up (${field(event, 'source')})${because(event)}`,
    link: '#/upstreams'
  },
  'name-lookup-failed': {
    severity: 'warning',
    ends: ['name-lookup-recovered'],
    words: event => `${field(event, 'name')} cannot be looked up${because(event)}`
  },
  'policy-file-refused': {
    severity: 'warning',
    ends: ['policy-file-reloaded'],
    words: event => `the file of ${field(event, 'policy')} was refused, its last good version is in use`
  },
  'certificates-refused': {
    severity: 'warning',
    ends: ['certificates-changed'],
    words: event => `certificates of ${field(event, 'listener')} were refused, their last good versions are in use`
  },
  'access-log-failed': {
    severity: 'warning',
    ends: ['access-log-recovered'],
    words: event => `the access log ${field(event, 'output')} cannot be written`
  },
  'trace-export-failed': {
    severity: 'warning',
    ends: ['trace-export-recovered'],
    words: event => `spans cannot be exported to ${field(event, 'collector')}${because(event)}`
  }
}

/** By the type that ends it: the types that began it. */
const endedBy = new Map<EventType, EventType[]>()
for (const [type, { ends }] of Object.entries(kinds)) {
  for (const end of ends) endedBy.set(end, [...endedBy.get(end) ?? [], type as EventType])
}

/** Fields that tell one outage of a kind from another. */
const identities = ['policy', 'listener', 'upstream', 'source', 'name', 'output', 'collector', 'thread'] as const

export function outages ({ events, now }: Situation): Problem[] {
  const open = new Map<string, { readonly outage: Outage, readonly event: GatewayEvent }>()
  for (const event of events) {
    const begins = kinds[event.type]
    if (begins !== undefined && !open.has(keyOf(event.type, event))) open.set(keyOf(event.type, event), { outage: begins, event })
    for (const type of endedBy.get(event.type) ?? []) open.delete(keyOf(type, event))
  }
  return [
    ...[...open.values()].map(({ outage: { severity, words, link = '#/overview' }, event }): Problem => (
      { severity, text: `${words(event)};${lasting(event.time, now)}`, since: event.time, link }
    )),
    ...passed(events, now)
  ]
}

/** What is over and worth knowing. */
function passed (events: readonly GatewayEvent[], now: number): Problem[] {
  const lost = events.findLast(event => event.type === 'log-lines-lost' && now - event.time < toldFor)
  if (lost?.type !== 'log-lines-lost') return []
  return [{ severity: 'info', text: `${count(lost.lost, 'log line')} lost${ago(lost.time, now)}`, since: lost.time, link: '#/overview' }]
}

function keyOf (type: EventType, event: GatewayEvent): string {
  return [type, ...identities.map(name => name in event ? field(event, name) : '')].join('\n')
}
