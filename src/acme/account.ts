/** The account at a certificate authority (RFC 8555 §7.3). */

import { AcmeError } from './acme-error.ts'
import type { AcmeSession } from './acme-session.ts'
import { bindAccount, type ExternalAccount } from './jws.ts'

/** What the account is made with. */
export interface AccountOptions {
  readonly email: string | undefined
  readonly externalAccount: ExternalAccount | undefined
}

/**
 * Makes the account of the session's key, agreeing to the terms of service, or finds it: a key has one account. The caller has the
 * agreement of the operator.
 * @throws AcmeError
 */
export async function openAccount (session: AcmeSession, { email, externalAccount }: AccountOptions): Promise<void> {
  const { newAccount, externalAccountRequired } = await session.directory()
  if (externalAccountRequired && externalAccount === undefined) {
    throw new AcmeError('the directory makes accounts only for its customers: set externalAccount')
  }
  const { location } = await session.post(newAccount, {
    termsOfServiceAgreed: true,
    ...email === undefined ? {} : { contact: [`mailto:${email}`] },
    ...externalAccount === undefined ? {} : { externalAccountBinding: bindAccount(session.options.key, externalAccount, newAccount) }
  })
  if (location === undefined) throw new AcmeError('the directory does not say where the account is')
  session.kid = location
}
