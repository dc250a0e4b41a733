/** Users with their password hashes, and a cache of checked credentials. */

import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  type Admitted, type Claims, ExpiringCache, freezeClaims, parsePasswordHash, type PasswordHash
} from '../../../src/index.ts'
import type { WrittenUsers } from './options.ts'

/** A user. All its requests share one verdict object. */
export interface KnownUser {
  readonly name: string
  readonly password: PasswordHash
  readonly verdict: Admitted
}

/** What became of a password that was hashed. */
export interface Judged {
  /** Whose password it is; undefined for a wrong one. */
  readonly user: KnownUser | undefined
}

export interface UserTableOptions {
  /** Milliseconds. */
  readonly ttl: number
  readonly negativeTtl: number
  /** Most of each kind. */
  readonly maximum: number
  /** Adds the identity headers that the upstream receives. */
  readonly identify: ((claims: Claims) => readonly string[]) | undefined
}

/** One version of the users. Its cache ends with it. */
export class UserTable {
  readonly #users: ReadonlyMap<string, KnownUser>
  readonly #list: readonly KnownUser[]
  readonly #options: UserTableOptions
  /** With an unkeyed digest, a memory dump would contain fast hashes of the passwords, which the slow hashes are meant to avoid. */
  readonly #seed = randomBytes(32)
  readonly #good: ExpiringCache<KnownUser>
  readonly #bad: ExpiringCache<true>

  constructor (users: WrittenUsers, options: UserTableOptions) {
    this.#users = new Map(Object.entries(users).map(([name, text]) => [name.normalize('NFC'), known(name.normalize('NFC'), text, options)]))
    this.#list = [...this.#users.values()]
    this.#options = options
    this.#good = new ExpiringCache(options.maximum)
    this.#bad = new ExpiringCache(options.maximum)
  }

  /** The cache key of a credential. */
  digest (field: string): string {
    return createHmac('sha256', this.#seed).update(field).digest('base64')
  }

  /** The cached result for a credential: its user, `wrong`, or undefined where there is none. */
  remembered (digest: string, now: number): KnownUser | 'wrong' | undefined {
    return this.#good.use(digest, now) ?? (this.#bad.use(digest, now) === true ? 'wrong' : undefined)
  }

  remember (digest: string, user: KnownUser | undefined, now: number): void {
    if (user === undefined) this.#bad.set(digest, true, now + this.#options.negativeTtl)
    else this.#good.set(digest, user, now + this.#options.ttl)
  }

  /**
   * Compares a password. For an unknown name one is hashed and compared too, so the time does not reveal which names exist.
   * @param hash hashes a password like another one; resolves to undefined, or returns it, where it cannot
   * @returns undefined, at once or later, where the password was not hashed
   */
  judge (
    name: string,
    password: string,
    hash: (password: string, like: PasswordHash) => Promise<Uint8Array | undefined> | undefined
  ): Promise<Judged | undefined> | undefined {
    const user = this.#users.get(name.normalize('NFC'))
    const against = user?.password ?? this.#decoy(name)
    return hash(password, against)?.then(hashed => {
      if (hashed === undefined) return undefined
      return { user: timingSafeEqual(hashed, against.hash) ? user : undefined }
    })
  }

  /** Takes the hash of one of the users, always the same for a name. So the time reveals nothing even where the costs of hashes differ. */
  #decoy (name: string): PasswordHash {
    if (this.#list.length === 0) return noOne
    return this.#list[hash('sha256', name, 'buffer').readUInt32BE() % this.#list.length]!.password
  }
}

const noOne: PasswordHash = { cost: 2 ** 14, blockSize: 8, parallelization: 5, salt: Buffer.alloc(16), hash: Buffer.alloc(32) }

function known (name: string, text: string, { identify }: UserTableOptions): KnownUser {
  const claims = freezeClaims({ sub: name })
  return {
    name,
    password: parsePasswordHash(text) as PasswordHash,
    verdict: { admitted: true, claims, why: `password of ${name}`, ...(identify === undefined ? {} : { fields: identify(claims) }) }
  }
}
