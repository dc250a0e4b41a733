/** Shares one cache of names between all generations. */

import type { Clock } from '../contract/clock.ts'
import type { GatewayEvents } from '../contract/events.ts'
import type { Config } from '../config/types.ts'
import type { Holder } from '../contract/holder.ts'
import { nameAsker } from './ask-name.ts'
import { Names } from './names.ts'

/** The parts of a generation that are used. */
export interface NamesContext {
  readonly config: Config
  readonly resource: Holder['resource']
  readonly clock: Clock
  readonly events: GatewayEvents
}

/** The names of every generation. The name servers stay those of the first one, because connections that outlive a generation use them. */
export function takeNames ({ config, resource, clock, events }: NamesContext): Names {
  return resource({
    kind: 'names',
    key: '',
    create: () => new Names({
      ask: nameAsker(config.dns),
      now: () => clock.now(),
      changed (name, why) {
        events.emit(why === undefined ? { type: 'name-lookup-recovered', name } : { type: 'name-lookup-failed', name, why })
      }
    })
  })
}
