/** Reads the system's own settings for names: /etc/hosts, and the search domains of /etc/resolv.conf. */

import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { readTextFile } from '../config/read/text-file.ts'

/** How an incomplete name is completed (resolv.conf(5)). */
export interface SearchList {
  readonly domains: readonly string[]
  /** A name with at least this many dots is tried as it is before it is completed. */
  readonly ndots: number
}

/** Parses a hosts file (hosts(5)) to the addresses of each name, names in lower case. */
export function parseHosts (text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/)
    // No connection to a target needs a link-local address with a zone.
    if (isIP(address) === 0 || address.includes('%')) continue
    for (const name of names) {
      const known = hosts.get(name)
      if (known === undefined) hosts.set(name, [address])
      else if (!known.includes(address)) known.push(address)
    }
  }
  return hosts
}

/** Parses the search list of a resolv.conf. The last `search` or `domain` counts. */
export function parseSearchList (text: string): SearchList {
  let domains: readonly string[] = []
  let ndots = 1
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.replace(/[#;].*/, '').trim().split(/\s+/)
    if (keyword === 'search') domains = words
    else if (keyword === 'domain') domains = words.slice(0, 1)
    else if (keyword === 'options') for (const word of words) if (/^ndots:\d+$/.test(word)) ndots = Math.min(15, Number(word.slice(6)))
  }
  return { domains: domains.map(domain => domain.replace(/^\.|\.$/g, '')).filter(domain => domain !== ''), ndots }
}

/** The complete names that a name may mean, in the order in which they are looked up. */
export function candidatesOf (name: string, { domains, ndots }: SearchList): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const completed = domains.map(domain => `${name}.${domain}`)
  return name.split('.').length - 1 >= ndots ? [name, ...completed] : [...completed, name]
}

/** Largest file that is read. */
const limit = 4 * 1024 * 1024

/** Returns a function that gives the parsed content of a file. It is read again when it has changed; a missing file counts as empty. */
export function reading<T> (file: string, parse: (text: string) => T): () => T {
  let seen: string | undefined
  let content = parse('')
  return () => {
    const stats = statSync(file, { throwIfNoEntry: false })
    const now = stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`
    if (now !== seen) {
      const read = readTextFile(file, limit)
      content = parse('failure' in read ? '' : read.text)
      seen = now
    }
    return content
  }
}
