/** Span attributes of a target. They are the same for all its attempts, so they are built once. */

import type { Attributes } from '@opentelemetry/api'
import type { Target } from '../../../src/index.ts'

const made = new WeakMap<Target, Attributes>()

/** `server.*`, `peer.service` and our own; of one object for each target, not to be changed. */
export function targetAttributes (target: Target): Attributes {
  let attributes = made.get(target)
  if (attributes === undefined) made.set(target, attributes = create(target))
  return attributes
}

function create ({ origin, address, upstream, url }: Target): Attributes {
  const { hostname, port, protocol } = new URL(origin)
  return {
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    'url.scheme': protocol.slice(0, -1),
    'peer.service': upstream.name,
    'onedoor.upstream': upstream.name,
    'onedoor.target': url,
    ...(address === undefined ? {} : { 'network.peer.address': address })
  }
}
