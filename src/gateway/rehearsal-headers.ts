/** The header fields with which a request is rehearsed. */

import type { RehearsalRequest } from '../contract/rehearsal.ts'

/** Those of the request, a Host, and an empty User-Agent where it has none: injection would add its own. */
export function rehearsalHeaders ({ url, headers }: RehearsalRequest): Readonly<Record<string, string>> {
  const host = url.startsWith('/') ? undefined : URL.parse(url)?.host
  return { host: host ?? 'localhost', 'user-agent': '', ...headers }
}
