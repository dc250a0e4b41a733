/** Finds the introspection endpoint: the configured one, or the one in the issuer's discovery document (OpenID Connect Discovery §4). */

import { type ServiceClient, ServiceUnavailable } from '../../../src/index.ts'

/** The URL of the endpoint, and the identifier of its issuer. */
export interface Endpoint {
  readonly url: string
  readonly issuer: string
}

/** Milliseconds until a discovered endpoint is looked up again. */
const keptFor = 3_600_000
/** Milliseconds until the next attempt after a failed look-up. */
const keptOn = 10_000

/** Returns the endpoint. Called before every introspection request. */
export type FindEndpoint = () => Promise<Endpoint> | Endpoint

/**
 * Compiles the options to a function that returns the endpoint. A discovered endpoint is looked up again after an hour,
 * in the background, and kept while the issuer is unavailable.
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

/** Avoids a double slash where the issuer ends with one (OpenID Connect Discovery §4.1). */
function discoveryUrl (issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function readDiscovery (issuer: string, { status, body }: { readonly status: number, readonly body: Buffer }): Endpoint {
  if (status !== 200) throw new ServiceUnavailable(`the discovery document of the issuer responded with ${status}`)
  let document: Record<string, unknown> | null
  try {
    document = JSON.parse(body.toString()) as Record<string, unknown> | null
  } catch {
    throw new ServiceUnavailable('the discovery document of the issuer is not JSON')
  }
  // Prevents one issuer from impersonating another (OpenID Connect Discovery §4.3).
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
