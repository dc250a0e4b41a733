/** Where to ask: the endpoint of the file, or what the issuer says of itself (OpenID Connect Discovery §4). */

import { type ServiceClient, ServiceUnavailable } from '../../../src/index.ts'

/** Where the endpoint is, and what its issuer calls itself. */
export interface Endpoint {
  readonly url: string
  readonly issuer: string
}

/** Milliseconds for which a discovered endpoint is taken for granted. */
const keptFor = 3_600_000
/** The same where it could not be looked for again. */
const keptOn = 10_000

/** What finds the endpoint, before every question. */
export type FindEndpoint = () => Promise<Endpoint> | Endpoint

/**
 * Compiles the options to what finds the endpoint. A discovered one is looked for again after an hour, without a
 * request waiting for it, and kept while the issuer does not answer.
 */
export function endpointFinder (
  { endpoint, discovery }: { readonly endpoint?: string | undefined, readonly discovery?: string | undefined },
  client: ServiceClient,
  now: () => number
): FindEndpoint {
  if (endpoint !== undefined) {
    const fixed = { url: endpoint, issuer: endpoint }
    return () => fixed
  }
  const issuer = discovery!
  let found: Endpoint | undefined
  let until = -Infinity
  let underway: Promise<Endpoint> | undefined
  const look = async (): Promise<Endpoint> => {
    try {
      found = readDiscovery(issuer, await client.ask({ url: discoveryUrl(issuer), headers: { accept: 'application/json' } }))
      until = now() + keptFor
      return found
    } catch (error) {
      if (found === undefined) throw error
      until = now() + keptOn
      return found
    } finally {
      underway = undefined
    }
  }
  return () => {
    if (found !== undefined && now() < until) return found
    underway ??= look()
    return found ?? underway
  }
}

/** The slash that an issuer may end with is not doubled (OpenID Connect Discovery §4.1). */
function discoveryUrl (issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function readDiscovery (issuer: string, { status, body }: { readonly status: number, readonly body: Buffer }): Endpoint {
  if (status !== 200) throw new ServiceUnavailable(`the discovery document of the issuer answered ${status}`)
  let document: Record<string, unknown> | null
  try {
    document = JSON.parse(body.toString()) as Record<string, unknown> | null
  } catch {
    throw new ServiceUnavailable('the discovery document of the issuer is not JSON')
  }
  // Otherwise one issuer could pose as another (OpenID Connect Discovery §4.3).
  if (document?.['issuer'] !== issuer) throw new ServiceUnavailable('the discovery document is that of another issuer')
  const url = document['introspection_endpoint']
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new ServiceUnavailable('the discovery document names no introspection_endpoint')
  }
  if (issuer.startsWith('https:') && !url.startsWith('https:')) {
    throw new ServiceUnavailable('the introspection_endpoint of an https: issuer is not https:')
  }
  return { url, issuer }
}
