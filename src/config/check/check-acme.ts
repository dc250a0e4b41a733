/** Checks `tls.acme` of the listeners. */

import type { Report } from '../../contract/plugin.ts'
import { certificatesFor, hostProblem, hostsOf, type AcmeListenerConfig, type RoutedHosts } from '../acme-hosts.ts'
import { child } from '../pointer.ts'
import { letsEncrypt, type AcmeConfig } from '../schema/acme-schema.ts'

/** Checks what the schema cannot: the agreement, the directory, and that there are hosts. */
export function checkAcme (
  { listeners, routes }: { readonly listeners: readonly AcmeListenerConfig[], readonly routes: readonly RoutedHosts[] },
  report: Report
): void {
  const reported = new Set<string>()
  for (const [index, { tls }] of listeners.entries()) {
    const { acme, certificates = [] } = tls ?? {}
    if (acme === undefined) continue
    const pointer = child(child(child('/listeners', index), 'tls'), 'acme')
    checkAgreement(acme, pointer, report)
    checkDirectory(acme, pointer, report)
    if (acme.hosts !== undefined) checkHosts(acme.hosts, child(pointer, 'hosts'), report)
    else if (certificatesFor(acme, routes).length === 0) {
      const message = 'there is no host to request a certificate for'
      report({ pointer, at: 'key', message, hint: 'give routes a "host", or set "hosts" here' })
    } else if (certificates.length === 0) {
      // The same list is used by every such listener.
      warnOfPatterns(routes, reported, report)
    }
  }
}

function checkAgreement ({ agreeToTerms, directory }: AcmeConfig, pointer: string, report: Report): void {
  if (agreeToTerms) return
  const terms = directory === letsEncrypt ? 'read https://letsencrypt.org/repository/, and ' : ''
  report({
    pointer,
    at: 'key',
    message: 'a certificate authority issues certificates only to those who agree to its terms of service',
    hint: `${terms}set agreeToTerms: true`
  })
}

function checkDirectory ({ directory }: AcmeConfig, pointer: string, report: Report): void {
  const place = child(pointer, 'directory')
  const url = URL.canParse(directory) ? new URL(directory) : undefined
  const usable = url !== undefined && url.username === '' && url.hash === '' && /^https?:$/.test(url.protocol)
  if (!usable) report({ pointer: place, message: `must be an absolute https: URL, got "${directory}"` })
  else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const hint = directory.replace(/^http/i, 'https')
    report({ pointer: place, message: 'a directory is asked over https: only (RFC 8555 §6.1)', hint })
  }
}

function checkHosts (hosts: NonNullable<AcmeConfig['hosts']>, pointer: string, report: Report): void {
  for (const [index, entry] of hosts.entries()) {
    const place = child(pointer, index)
    for (const [at, host] of [entry].flat().entries()) {
      const problem = hostProblem(host)
      if (problem !== undefined) report({ pointer: typeof entry === 'string' ? place : child(place, at), ...problem })
    }
  }
}

function warnOfPatterns (routes: readonly RoutedHosts[], reported: Set<string>, report: Report): void {
  for (const [index, route] of routes.entries()) {
    for (const [at, host] of hostsOf(route).entries()) {
      const problem = hostProblem(host)
      const place = child(child('/routes', index), 'host')
      const pointer = typeof route.host === 'string' ? place : child(place, at)
      if (problem === undefined || reported.has(pointer)) continue
      reported.add(pointer)
      report({ severity: 'warning', pointer, ...problem })
    }
  }
}

function isLoopback (hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
