/** The resources of a directory (RFC 8555 §7.1.1). */

import { AcmeError } from './acme-error.ts'

/** The URLs that the client uses. */
export interface Directory {
  readonly newNonce: string
  readonly newAccount: string
  readonly newOrder: string
  /** Where the directory suggests when to renew (RFC 9773). */
  readonly renewalInfo: string | undefined
  readonly externalAccountRequired: boolean
}

/**
 * Reads a directory.
 * @throws AcmeError when it is not a directory
 */
export function readDirectory (value: Record<string, unknown>, url: string): Directory {
  const { newNonce, newAccount, newOrder, renewalInfo, meta } = value
  if (!isUrl(newNonce, url) || !isUrl(newAccount, url) || !isUrl(newOrder, url)) {
    throw new AcmeError(`${url} is no ACME directory: newNonce, newAccount or newOrder is missing`)
  }
  return {
    newNonce,
    newAccount,
    newOrder,
    renewalInfo: isUrl(renewalInfo, url) ? renewalInfo : undefined,
    externalAccountRequired: (meta as Record<string, unknown> | undefined)?.['externalAccountRequired'] === true
  }
}

/** Whether it is a URL of the protocol of the directory, so that no request goes from https: to http:. */
export function isUrl (value: unknown, directory: string): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === new URL(directory).protocol
}
