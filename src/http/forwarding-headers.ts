/** Header fields that say where a request came from, and the Forwarded header field. */
import { isIPv6 } from 'node:net'

/**
 * Fields beside `x-forwarded-*` and `x-original-*` from which services, frameworks and CDNs read the client, the host
 * or even the path. Lower case.
 */
const origin: ReadonlySet<string> = new Set([
  'forwarded', 'x-real-ip', 'x-client-ip', 'client-ip', 'true-client-ip', 'x-cluster-client-ip', 'cf-connecting-ip', 'cf-connecting-ipv6',
  'fastly-client-ip', 'fly-client-ip', 'x-appengine-user-ip', 'x-azure-clientip', 'x-envoy-external-address', 'x-remote-ip',
  'x-remote-addr',
  'x-rewrite-url', 'x-host', 'x-http-host-override', 'x-scheme', 'x-url-scheme', 'front-end-https'
])

/** Beginnings of further names; the last ones are those under which proxies forward certificates of clients. */
const beginnings: readonly string[] = [
  'x-forwarded-', 'x-original-', 'x-client-cert', 'x-ssl-client', 'x-ssl-cert', 'ssl-client-', 'x-amzn-mtls-', 'x-arr-clientcert'
]

/** Whether a field, by its lower-case name, says where a request came from. */
export function isOriginHeader (name: string): boolean {
  return origin.has(name) || beginnings.some(beginning => name.startsWith(beginning))
}

/** A `for` or `host` value of Forwarded (RFC 7239 §4): a token, or quoted; IPv6 in brackets and quoted (§6). */
export function forwardedValue (value: string): string {
  if (isIPv6(value)) return `"[${value}]"`
  return /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
