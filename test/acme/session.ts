/** A session with a directory for tests, and a responder that keeps its challenges in memory. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { AcmeSession, type AcmeSessionOptions } from '../../src/acme/acme-session.ts'
import type { Challenge, ChallengeResponder } from '../../src/acme/challenge.ts'
import { ServiceClient } from '../../src/service/service-client.ts'
import { systemNames } from '../helpers/names.ts'

export function newKey (): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

/** Opens a session. */
export function sessionWith (
  t: TestContext,
  directory: string,
  options: Partial<AcmeSessionOptions> & { ca?: string } = {}
): AcmeSession {
  const http = new ServiceClient({ timeout: 10_000, limit: 100_000, names: systemNames, ca: options.ca })
  t.after(async () => await http.close())
  return new AcmeSession({
    directory,
    key: newKey(),
    http,
    signal: new AbortController().signal,
    now: Date.now,
    sleep: async (ms, signal) => { await wait(ms, undefined, { signal }) },
    ...options
  })
}

/** Keeps challenges in memory, by token. */
export class MemoryResponder implements ChallengeResponder {
  readonly open = new Map<string, Challenge>()
  presented = 0

  async present (challenge: Challenge): Promise<() => Promise<void>> {
    this.presented++
    this.open.set(challenge.token, challenge)
    return async () => { this.open.delete(challenge.token) }
  }
}
