/** The names of a gateway: one memory of them for as long as the process runs. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../contract/clock.ts'
import type { Config } from '../config/types.ts'
import type { LeaseHolder } from '../contract/leases.ts'
import { nameAsker } from './ask-name.ts'
import { Names } from './names.ts'

/** What is needed of a generation. */
export interface NamesContext {
  readonly config: Config
  readonly leases: LeaseHolder
  readonly clock: Clock
  readonly logger: FastifyBaseLogger
}

/** The same for every generation: the name servers stay those of the first one, as connections that outlive a generation go on to use it. */
export function takeNames ({ config, leases, clock, logger }: NamesContext): Names {
  return leases.take({
    kind: 'names',
    key: '',
    create: () => new Names({
      ask: nameAsker(config.dns),
      now: () => clock.now(),
      changed (name, why) {
        if (why === undefined) logger.info({ name }, 'a name can be looked up again')
        else logger.warn({ name, why }, 'a name cannot be looked up')
      }
    }),
    // Rehearsals look nothing up.
    fork: names => names
  })
}
