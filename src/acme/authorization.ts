/** Authorizations: the proof that a host belongs to this gateway (RFC 8555 §7.5). */

import { AcmeError, readProblem } from './acme-error.ts'
import type { AcmeSession } from './acme-session.ts'
import { isToken, keyAuthorization, type ChallengeResponder, type ChallengeType } from './challenge.ts'
import { thumbprint } from './jws.ts'
import { poll } from './polling.ts'

/** How hosts are proved. */
export interface AuthorizationOptions {
  /** Those of the order. */
  readonly hosts: readonly string[]
  readonly type: ChallengeType
  readonly responder: ChallengeResponder
}

/**
 * Proves one host by its challenge. A proof that the directory remembers is enough.
 * @throws AcmeError
 */
export async function authorize (session: AcmeSession, url: string, { hosts, type, responder }: AuthorizationOptions): Promise<void> {
  const { json } = await session.post(url, '')
  const host = hostOf(json, hosts)
  if (json['status'] === 'valid') return
  const challenges = Array.isArray(json['challenges']) ? json['challenges'] as Record<string, unknown>[] : []
  const challenge = challenges.find(offered => offered?.['type'] === type)
  if (json['status'] !== 'pending' || challenge === undefined) {
    const offered = challenges.map(other => String(other?.['type'])).join(', ')
    throw new AcmeError(`${host}: the directory does not offer ${type}: it offers ${offered || 'nothing'}`)
  }
  const { token, url: challengeUrl } = challenge
  if (!isToken(token) || typeof challengeUrl !== 'string') throw new AcmeError(`${host}: the challenge has no usable token`)
  const end = await responder.present({
    type,
    host,
    token,
    keyAuthorization: keyAuthorization(token, thumbprint(session.options.key))
  })
  try {
    await session.post(challengeUrl, {})
    const settled = await poll(session, url, ['pending'], `the authorization of ${host}`)
    if (settled['status'] !== 'valid') throw new AcmeError(`${host} is not authorized`, { problem: problemOf(settled, type) })
  } finally {
    await end()
  }
}

/** Only a host of the order: it becomes the name of a file. */
function hostOf (authorization: Record<string, unknown>, hosts: readonly string[]): string {
  const { value } = (authorization['identifier'] ?? {}) as Record<string, unknown>
  const host = hosts.find(one => one === String(value).toLowerCase())
  if (host === undefined) throw new AcmeError(`the directory asks for an authorization of ${JSON.stringify(value)}, which was not ordered`)
  return host
}

function problemOf ({ challenges }: Record<string, unknown>, type: ChallengeType): ReturnType<typeof readProblem> {
  const all = Array.isArray(challenges) ? challenges as Record<string, unknown>[] : []
  return readProblem(all.find(challenge => challenge?.['type'] === type)?.['error'])
}
