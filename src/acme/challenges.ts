/** The challenges that are under way: in memory for all threads of this gateway, and in the folder for others that share it. */

import { readFileSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Challenge, ChallengeResponder } from './challenge.ts'
import { tokenOf } from './challenge-http.ts'
import { challengeCertificate } from './challenge-tls-alpn.ts'
import { writePrivate } from './private-files.ts'

/** Most looks into the folder per second, so that clients that guess tokens cost little. */
const mostLooks = 100
/** A challenge is over after this time, in milliseconds. */
const longestChallenge = 3_600_000

/** What challenges are kept with. */
export interface ChallengesOptions {
  readonly folder: string
  /** The hosts that certificates are requested for. */
  readonly hosts: ReadonlySet<string>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The texts that answer challenges, by the names of their files. Plain data; secret, as those of TLS-ALPN-01 have a key. */
export type OpenChallenges = readonly (readonly [name: string, text: string])[]

export class Challenges implements ChallengeResponder {
  /** Called after each change, before the authority is told. */
  changed: (open: OpenChallenges) => void = () => {}
  readonly #options: ChallengesOptions
  /** By the name of the file. */
  #open = new Map<string, string>()
  #second = 0
  #looks = 0

  constructor (options: ChallengesOptions) {
    this.#options = options
  }

  /** Those of this gateway. */
  get open (): OpenChallenges {
    return [...this.#open]
  }

  /** Takes over those that another thread has begun. One that has not arrived here yet is found in the folder. */
  learn (open: OpenChallenges): void {
    this.#open = new Map(open)
  }

  async present (challenge: Challenge): Promise<() => Promise<void>> {
    const { type, token, host, keyAuthorization } = challenge
    const [name, text] = type === 'http-01' ? [httpName(token), keyAuthorization] : [tlsName(host), this.#certificate(challenge)]
    this.#open.set(name, text)
    this.changed(this.open)
    const file = this.#file(name)
    await writePrivate(file, text)
    return async () => {
      if (this.#open.get(name) === text) this.#open.delete(name)
      this.changed(this.open)
      await rm(file, { force: true })
    }
  }

  /** Removes what a gateway that died has left in the folder. Never throws. */
  async sweep (): Promise<void> {
    const folder = this.#file('')
    const names = await readdir(folder).catch(() => [])
    await Promise.allSettled(names.map(async name => {
      const file = join(folder, name)
      if (this.#options.now() - (await stat(file)).mtimeMs > longestChallenge) await rm(file)
    }))
  }

  /** The response to a request for an HTTP-01 challenge; undefined for all other request targets. */
  readonly httpResponse = (url: string): string | undefined => {
    const token = tokenOf(url)
    return token === undefined ? undefined : this.#find(httpName(token))
  }

  /** The certificate for a TLS-ALPN-01 handshake; undefined when there is no such challenge. */
  readonly secureContext = (serverName: string): SecureContext | undefined => {
    const host = serverName.toLowerCase()
    const pem = this.#options.hosts.has(host) ? this.#find(tlsName(host)) : undefined
    return pem === undefined ? undefined : createSecureContext({ cert: pem, key: pem })
  }

  #find (name: string): string | undefined {
    return this.#open.get(name) ?? this.#look(name)
  }

  /** Reads synchronously, because a handshake cannot wait. */
  #look (name: string): string | undefined {
    const second = Math.floor(this.#options.now() / 1000)
    if (second !== this.#second) [this.#second, this.#looks] = [second, 0]
    if (++this.#looks > mostLooks) return undefined
    try {
      return readFileSync(this.#file(name), 'utf8')
    } catch {
      return undefined
    }
  }

  #certificate (challenge: Challenge): string {
    const { cert, key } = challengeCertificate(challenge, this.#options.now())
    return key + cert
  }

  #file (name: string): string {
    return join(this.#options.folder, 'challenges', name)
  }
}

const httpName = (token: string): string => `http-${token}`
const tlsName = (host: string): string => `tls-${host}`
