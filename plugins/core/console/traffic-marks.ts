/** Marks on the time line: what changed the gateway in the last minutes. */

import type { GatewayEvent } from '../../../src/index.ts'

/** A moment at which something changed. */
export interface Mark {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly type: 'started' | 'reloaded' | 'refused'
  /** The one that serves from then on. */
  readonly generation: number
  /** What asked for it: `file`, `admin`, `SIGHUP`, `program` or `restore`. */
  readonly trigger?: string
  /** The address of the operator who asked for it, where one did. */
  readonly by?: string | undefined
}

/** The starts and reloads among events since a time, in milliseconds since 1970, the oldest first. */
export function marksOf (events: readonly GatewayEvent[], since: number): Mark[] {
  return events.filter(({ time }) => time >= since).flatMap((event): Mark[] => {
    const { time, generation } = event
    if (event.type === 'gateway-started') return [{ time, type: 'started', generation }]
    if (event.type !== 'configuration-reloaded' && event.type !== 'configuration-refused') return []
    const { trigger, by } = event
    return [{ time, type: event.type === 'configuration-reloaded' ? 'reloaded' : 'refused', generation, trigger, by }]
  })
}
