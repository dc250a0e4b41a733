/** Checks addresses of name servers in the configuration. */

import { isIP } from 'node:net'

/** What is wrong with the address of a name server; undefined if it is valid. */
export function serverAddressProblem (text: string): string | undefined {
  return isServer(text) ? undefined : `expected an IP address with an optional port, such as 127.0.0.1:53 or [::1]:53, got "${text}"`
}

function isServer (text: string): boolean {
  if (isIP(text) !== 0) return true
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? []
  return isIP(six ?? four ?? '') !== 0 && Number(port) > 0 && Number(port) < 65536
}
