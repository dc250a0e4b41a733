/** Passwords as a file may hold them: `scrypt:N:r:p:salt:hash`, salt and hash in base64url (RFC 7914). */

import { scrypt } from 'node:crypto'

/** Parameters and result of a password hash. */
export interface PasswordHash {
  /** Cost: a power of two. */
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** 16 MiB and 0.1 to 0.2 s for each guess: expensive for an attacker who has the file, affordable for the gateway. */
const usual = { cost: 2 ** 14, blockSize: 8, parallelization: 5 }

/** Upper bounds, so that a line of the file cannot exhaust memory or CPU. */
const most = { memory: 128 * 1024 * 1024, work: 2 ** 24 }

/** Lower bounds, below which a graphics card guesses quickly. */
const leastCost = 2 ** 13

/** Reads a hash. What is wrong with it is said without any piece of it. */
export function parsePasswordHash (text: string): PasswordHash | { readonly problem: string } {
  const parts = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3}):([\w-]+):([\w-]+)$/.exec(text)
  if (parts === null) return { problem: 'expected scrypt:N:r:p:salt:hash' }
  const [cost, blockSize, parallelization] = parts.slice(1, 4).map(Number) as [number, number, number]
  const [salt, hash] = parts.slice(4).map(part => Buffer.from(part, 'base64url')) as [Buffer, Buffer]
  if (cost < leastCost || (cost & (cost - 1)) !== 0) return { problem: `N must be a power of two from ${leastCost} on` }
  if (blockSize === 0 || parallelization === 0) return { problem: 'r and p must be 1 or more' }
  if (128 * cost * blockSize > most.memory || cost * blockSize * parallelization > most.work) {
    return { problem: 'N, r and p are beyond what the gateway can afford: 128 MiB, and N × r × p of 16777216' }
  }
  if (salt.length < 8 || hash.length < 16 || hash.length > 64) return { problem: 'salt must have 8 bytes or more, hash 16 to 64' }
  return { cost, blockSize, parallelization, salt, hash }
}

/** Hashes a password like `like`, on a thread of its own. Letters that can be written in two ways are the same (RFC 8265 §4.2.2). */
export async function derive (password: string, { cost, blockSize, parallelization, salt, hash }: PasswordHash): Promise<Buffer> {
  const maxmem = 128 * cost * blockSize + 128 * blockSize * parallelization + 2 ** 20
  return await new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hash.length, { cost, blockSize, parallelization, maxmem }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

/** What a file may hold in place of a password. @param salt 16 random bytes */
export async function hashPassword (password: string, salt: Buffer): Promise<string> {
  const { cost, blockSize, parallelization } = usual
  const hash = await derive(password, { ...usual, salt, hash: Buffer.alloc(32) })
  return ['scrypt', cost, blockSize, parallelization, salt.toString('base64url'), hash.toString('base64url')].join(':')
}
