/**
 * Hashing of passwords for all policies and all threads together, in the control thread where there is one: one queue bounds what clients
 * can ask for, and a hash for a thread that dies does not hold up the others.
 */

import { derive, type GatewayApi, type PasswordHash } from '../../../src/index.ts'
import { Semaphore } from './semaphore.ts'

/** Hashes a password of a client like a known hash. Resolves to undefined, or returns it at once, where too many are waiting. */
export type Hashing = (client: string, password: string, like: PasswordHash) => Promise<Uint8Array | undefined> | undefined

/**
 * Hashing uses at most two of Node's four worker threads, which all threads of the gateway share, so file and DNS access goes on
 * during an attack. A full queue is hashed within seconds, and one client alone cannot fill it.
 */
const limits = { atOnce: 2, waiting: 40, each: 10 }

/** What a data thread may have asked for at one time: as much as could be granted. */
const asked = { atOnce: limits.atOnce + limits.waiting, waiting: 0, each: limits.each }

const channel = 'basic-auth-hashing'

/** Bytes of a hash are those of a Uint8Array behind a link. */
interface Asked {
  readonly client: string
  readonly password: string
  readonly like: PasswordHash
}

/** The hashing of this gateway. */
export function takeHashing ({ resource, rehearsal, threads }: Pick<GatewayApi, 'resource' | 'rehearsal' | 'threads'>): Hashing {
  const { toControl } = threads
  const toThreads = rehearsal ? undefined : threads.toThreads
  return resource({
    kind: 'basic-auth-hashing',
    key: '',
    create (): Hashing {
      const turns = new Semaphore(toControl === undefined ? limits : asked)
      const hash: Hashing = toControl === undefined
        ? (client, password, like) => turns.take(client, async () => await derive(password, like))
        : (client, password, like) => turns.take(client, async () => await toControl.ask(channel, { client, password, like }) as Uint8Array)
      toThreads?.answer(channel, async ({ client, password, like }: Asked) =>
        await hash(client, password, { ...like, salt: Buffer.from(like.salt), hash: Buffer.from(like.hash) }))
      return hash
    }
  })
}
