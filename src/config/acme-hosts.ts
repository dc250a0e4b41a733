/** The hosts that certificates are requested for. */

import { isIP } from 'node:net'
import type { AcmeConfig } from './schema/acme-schema.ts'

/** The keys of a listener that are read. */
export interface AcmeListenerConfig {
  readonly tls?: {
    readonly acme?: AcmeConfig | undefined
    /** Certificates from elsewhere. */
    readonly certificates?: readonly unknown[]
  } | undefined
}

/** The keys of a route that are read. `host` belongs to the routing plugin. */
export interface RoutedHosts {
  readonly host?: string | readonly string[]
}

/** The hosts of each certificate, in lower case and in one order. Patterns in routes are left out. */
export function certificatesFor ({ hosts }: Pick<AcmeConfig, 'hosts'>, routes: readonly RoutedHosts[]): readonly (readonly string[])[] {
  const wanted = hosts ?? routes.flatMap(hostsOf).filter(host => hostProblem(host) === undefined)
  const found = new Map<string, readonly string[]>()
  for (const entry of wanted) {
    const names = [...new Set([entry].flat().map(name => name.toLowerCase()))]
    found.set(names.toSorted().join(), names)
  }
  return [...found].toSorted(([a], [b]) => a < b ? -1 : 1).map(([, names]) => names)
}

/** The certificates that listeners request, as `check` shows them. */
export function requestedCertificates (
  { listeners, routes }: { readonly listeners: readonly AcmeListenerConfig[], readonly routes: readonly RoutedHosts[] }
): { readonly directory: string, readonly hosts: readonly string[] }[] {
  const found = new Map<string, { readonly directory: string, readonly hosts: readonly string[] }>()
  for (const { tls } of listeners) {
    if (tls?.acme === undefined) continue
    const { directory } = tls.acme
    for (const hosts of certificatesFor(tls.acme, routes)) found.set(`${directory} ${hosts.join()}`, { directory, hosts })
  }
  return [...found.values()]
}

/** The hosts of a route, patterns included. */
export function hostsOf ({ host = [] }: RoutedHosts): readonly string[] {
  return typeof host === 'string' ? [host] : host
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*$`, 'i')

/** Why no certificate can be requested for a host; undefined where it can. */
export function hostProblem (host: string): { readonly message: string, readonly hint?: string } | undefined {
  if (host.includes('*')) {
    return {
      message: `no certificate can be requested for "${host}": http-01 and tls-alpn-01 prove single hosts only`,
      hint: 'name each host, or give a certificate from elsewhere in "certificates"'
    }
  }
  if (isIP(host) !== 0) return { message: `no certificate can be requested for the address ${host}`, hint: 'use a host name' }
  if (host.length <= 253 && hostName.test(host)) return undefined
  return { message: `"${host}" is not a host name`, hint: 'shop.example; international names in their xn-- form' }
}
