/** Orders a certificate (RFC 8555 §7.4). */

import type { KeyObject } from 'node:crypto'
import { AcmeError, readProblem } from './acme-error.ts'
import type { AcmeAnswer, AcmeSession } from './acme-session.ts'
import { authorize, type AuthorizationOptions } from './authorization.ts'
import { checkChain } from './chain.ts'
import { signingRequest } from './csr.ts'
import { poll } from './polling.ts'

/** What is ordered. */
export interface OrderOptions extends AuthorizationOptions {
  /** Key of the certificate, P-256. */
  readonly key: KeyObject
  /** The identifier of the certificate that this one follows, for directories with renewal information (RFC 9773 §5). */
  readonly replaces: string | undefined
  readonly profile: string | undefined
}

/**
 * Orders a certificate, proves its hosts and fetches it, with the certificates of the authority after it, as PEM text. The account is open.
 * @throws AcmeError
 */
export async function orderCertificate (session: AcmeSession, options: OrderOptions): Promise<string> {
  const { hosts, key } = options
  const { location, json } = await newOrder(session, options)
  if (location === undefined) throw new AcmeError('the directory does not say where the order is')
  const { authorizations, finalize } = json
  if (!Array.isArray(authorizations) || typeof finalize !== 'string') throw new AcmeError('the order has no authorizations')
  const proofs = await Promise.allSettled(authorizations.map(async url => await authorize(session, url as string, options)))
  throwFailures(proofs.filter(proof => proof.status === 'rejected').map(({ reason }): unknown => reason))

  const name = `the order for ${hosts.join(', ')}`
  const ready = await poll(session, location, ['pending'], name)
  if (ready['status'] === 'ready') await session.post(finalize, { csr: signingRequest(hosts, key).toString('base64url') })
  const order = await poll(session, location, ['ready', 'processing'], name)
  const { certificate, status } = order
  if (status !== 'valid' || typeof certificate !== 'string') {
    throw new AcmeError(`${name} is ${String(status)}`, { problem: readProblem(order['error']) })
  }
  const { text } = await session.post(certificate, '', 'application/pem-certificate-chain')
  return checkChain(text, key, hosts, session.options.now())
}

async function newOrder (session: AcmeSession, { hosts, replaces, profile }: OrderOptions): Promise<AcmeAnswer> {
  const { newOrder: url, renewalInfo } = await session.directory()
  const identifiers = hosts.map(value => ({ type: 'dns', value }))
  const order = { identifiers, ...profile === undefined ? {} : { profile } }
  if (replaces === undefined || renewalInfo === undefined) return await session.post(url, order)
  try {
    return await session.post(url, { ...order, replaces })
  } catch (error) {
    // It was replaced already, or the directory does not know it. Without the reference the order is an ordinary one.
    const { problem } = error as AcmeError
    if (problem === undefined || problem.type === 'rateLimited') throw error
    return await session.post(url, order)
  }
}

/** Throws what has failed: one failure as it is, several as one that names them all. */
function throwFailures (failures: readonly unknown[]): void {
  if (failures.length === 0) return
  if (failures.length === 1 || failures.some(failure => !(failure instanceof AcmeError))) throw failures[0]
  const errors = failures as AcmeError[]
  const waits = errors.map(({ retryAfter }) => retryAfter).filter(wait => wait !== undefined)
  throw new AcmeError(errors.map(({ message }) => message).join('; '), {
    retryAfter: waits.length === 0 ? undefined : Math.max(...waits),
    unreachable: errors.every(({ unreachable }) => unreachable)
  })
}
