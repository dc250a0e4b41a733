/** `node:http2`, which is loaded when the first listener or upstream needs it, and the versions of Node whose HTTP/2 is safe. */

import type * as Http2 from 'node:http2'

export function nodeHttp2 (): typeof Http2 {
  return process.getBuiltinModule('node:http2')
}

/** The first safe version, and what a client can do to earlier ones: leak memory by WINDOW_UPDATE, and flood hash tables. */
export const nodeForHttp2 = { version: '24.14.1', flaws: ['CVE-2026-21714', 'CVE-2026-21717'] } as const

/** Whether HTTP/2 of a version of Node may face clients. */
export function isNodeFit (version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [least = 0, leastMinor = 0, leastPatch = 0] = nodeForHttp2.version.split('.').map(Number)
  if (major !== least) return major > least
  return minor !== leastMinor ? minor > leastMinor : patch >= leastPatch
}
