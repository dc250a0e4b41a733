/** Finds what an operator names. */

import { nearest } from '../config/index.ts'
import { GatewayError } from '../contract/errors.ts'
import type { Target } from '../contract/target.ts'
import type { Upstream } from '../contract/upstream.ts'

/** The most names that an error lists. */
const mostNames = 10

/**
 * The target of an upstream.
 * @param url as `/upstreams` shows it; slashes at its end do not matter
 * @throws GatewayError `not-found`, with the names that exist
 */
export function findTarget (upstreams: ReadonlyMap<string, Upstream>, name: string, url: string): Target {
  const upstream = upstreams.get(name)
  if (upstream === undefined) {
    throw new GatewayError('not-found', { detail: `there is no upstream of this name${among(name, upstreams.keys())}` })
  }
  const target = upstream.targets.find(one => one.url === url.replace(/\/+$/, ''))
  if (target !== undefined) return target
  throw new GatewayError('not-found', { detail: `the upstream has no such target${among(url, upstream.targets.map(one => one.url))}` })
}

function among (word: string, names: Iterable<string>): string {
  const all = [...names]
  const near = nearest(word, all)
  if (near !== undefined) return `; did you mean ${near}?`
  return all.length === 0 ? '' : `; there are ${all.slice(0, mostNames).join(', ')}${all.length > mostNames ? ', …' : ''}`
}
