/** Shares one cache of names between all generations. */

import type { Clock } from '../contract/clock.ts'
import type { GatewayEvents } from '../contract/events.ts'
import type { Config } from '../config/types.ts'
import type { Holder } from '../contract/holder.ts'
import type { StateTable } from '../contract/state.ts'
import { nameAsker } from './ask-name.ts'
import { Names } from './names.ts'

/** The parts of a generation that are used. */
export interface NamesContext extends Pick<Holder, 'resource' | 'table'> {
  readonly config: Config
  readonly clock: Clock
  readonly events: GatewayEvents
}

/** The most names that are remembered as told. Beyond it every thread tells by itself. */
const mostTold = 10_000

/**
 * The names of every generation. The name servers stay those of the first one, because connections that outlive a generation use them.
 * Each thread has a cache of its own; that a name cannot be looked up is told once.
 */
export function takeNames ({ config, resource, table, clock, events }: NamesContext): Names {
  const told = table({ kind: 'names', key: 'told', table: { rows: mostTold, cells: [-Infinity] } })
  return resource({
    kind: 'names',
    key: '',
    create: () => new Names({
      ask: nameAsker(config.dns),
      now: () => clock.now(),
      changed (name, why) {
        if (!isNews(told, name, why !== undefined, clock.now())) return
        events.emit(why === undefined ? { type: 'name-lookup-recovered', name } : { type: 'name-lookup-failed', name, why })
      }
    })
  })
}

/** Notes whether a name fails. Returns false where another thread has noted the same. */
export function isNews (told: StateTable, name: string, fails: boolean, now: number): boolean {
  told.acquire(name)
  try {
    const known = told.find(name)
    if (fails === (known !== undefined)) return false
    if (!fails) {
      told.remove(name)
    } else if (told.room(now)) {
      const { cells, at } = told.add(name)
      cells[at] = Infinity
    }
    return true
  } finally {
    told.release()
  }
}
