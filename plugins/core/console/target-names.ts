/** Short names of the targets of an upstream. */

/** By URL, the part of it that distinguishes it: `:9003` where all are of one host, otherwise host and port. */
export function shortNames (urls: readonly string[]): Map<string, string> {
  const hosts = new Map(urls.map(url => [url, URL.parse(url)]))
  const alike = new Set([...hosts.values()].map(url => url?.hostname)).size === 1
  const distinct = new Set([...hosts.values()].map(url => url?.port)).size === urls.length
  return new Map([...hosts].map(([url, parsed]) => {
    if (parsed === null) return [url, url]
    if (alike && distinct && parsed.port !== '') return [url, `:${parsed.port}`]
    return [url, parsed.host + (parsed.pathname === '/' ? '' : parsed.pathname)]
  }))
}
