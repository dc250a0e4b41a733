/** Shares one cache of names between all generations. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../contract/clock.ts'
import type { Config } from '../config/types.ts'
import type { LeaseHolder } from '../contract/leases.ts'
import { nameAsker } from './ask-name.ts'
import { Names } from './names.ts'

/** The parts of a generation that are used. */
export interface NamesContext {
  readonly config: Config
  readonly leases: LeaseHolder
  readonly clock: Clock
  readonly logger: FastifyBaseLogger
}

/** The names of every generation. The name servers stay those of the first one, because connections that outlive a generation use them. */
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
    // Rehearsals resolve no names.
    fork: names => names
  })
}
