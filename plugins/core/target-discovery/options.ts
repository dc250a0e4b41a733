/** The keys of target discovery in gateway.yaml, and checks that the schema cannot express. */

import { isIP } from 'node:net'
import Type from '#typebox'
import {
  type Config, Duration, Enum, type Report, serverAddressProblem, type TargetConfig, type TargetSettings
} from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import type { Family } from './address-book.ts'

/** Default intervals between two look-ups, in milliseconds. */
export const defaults = { refresh: 30_000, minRefresh: 1000, family: 'any' } as const

const url = { pattern: '^https?://', expected: 'an http:// or https:// URL' } as const

export const targetKeys = {
  dns: Type.Optional(Type.String({ ...url, description: 'Instead of `url`: every address (A and AAAA records) of this host is a target; ' +
    'Host and TLS go on to name the host.', examples: ['http://users.internal:3000'] })),
  srv: Type.Optional(Type.String({ ...url, description: 'Instead of `url`: the SRV records of this name give host, port, weight and ' +
    'priority of the targets.', examples: ['http://_users._tcp.internal'] })),
  file: Type.Optional(Type.String({ minLength: 1, description: 'Instead of `url`: a file with a list `targets`, relative to this one, ' +
    'read again whenever it changes.', examples: ['./targets.yaml'] })),
  refresh: Type.Optional(Duration({ minimum: '100ms', maximum: '1d', description: 'With `dns` and `srv`: longest time between two ' +
    'look-ups (30s unless set); a shorter time to live of the records is respected.', examples: ['10s'] })),
  minRefresh: Type.Optional(Duration({ minimum: '100ms', maximum: '1d', description: 'With `dns` and `srv`: shortest time between two ' +
    'look-ups (1s unless set), even with a time to live of 0.', examples: ['1s'] })),
  family: Type.Optional(Enum(['any', 'ipv4', 'ipv6'], { description: 'With `dns` and `srv`: which addresses are used (any unless set).' }))
}

export const upstreamKeys = {
  resolvers: Type.Optional(Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: 'Name servers that `dns` and `srv` ask, each an IP address with an optional port; those of `dns` unless set.',
    examples: [['127.0.0.1:8600']]
  }))
}

/** The target keys that replace `url`. */
export const finds = ['dns', 'srv', 'file'] as const

declare module '../../../src/index.ts' {
  interface TargetSettings {
    readonly dns?: string
    readonly srv?: string
    readonly file?: string
    readonly refresh?: number
    readonly minRefresh?: number
    readonly family?: Family
  }
  interface UpstreamConfig {
    readonly resolvers?: readonly string[]
  }
}

/** An entry of `targets` whose targets are found. */
export interface FoundEntry {
  readonly kind: typeof finds[number]
  /** The URL or the path. */
  readonly at: string
  readonly refresh: number
  readonly minRefresh: number
  readonly family: Family
  /** The keys that every found target gets. */
  readonly settings: TargetSettings
}

/** Reads an entry; undefined for one that says itself where its target is. */
export function foundEntry (entry: TargetConfig): FoundEntry | undefined {
  if (typeof entry === 'string') return undefined
  const kind = finds.find(key => entry[key] !== undefined)
  if (kind === undefined) return undefined
  const {
    url: _,
    dns,
    srv,
    file,
    refresh = defaults.refresh,
    minRefresh = defaults.minRefresh,
    family = defaults.family,
    ...settings
  } = entry
  return { kind, at: (dns ?? srv ?? file)!, refresh, minRefresh, family, settings }
}

/** Reports what cannot work. */
export function checkDiscovery ({ upstreams }: Config, report: Report): void {
  for (const [name, { targets, resolvers = [] }] of Object.entries(upstreams)) {
    const pointer = child('/upstreams', name)
    for (const [index, text] of resolvers.entries()) {
      const problem = serverAddressProblem(text)
      if (problem !== undefined) report({ pointer: child(child(pointer, 'resolvers'), index), message: problem })
    }
    for (const [index, target] of targets.entries()) {
      if (typeof target !== 'string') checkEntry(target, child(child(pointer, 'targets'), index), report)
    }
  }
}

function checkEntry (entry: Exclude<TargetConfig, string>, pointer: string, report: Report): void {
  const { dns, srv, refresh, minRefresh, family, weight } = entry
  const named = dns ?? srv
  if (named === undefined) {
    const idle = refresh !== undefined ? 'refresh' : minRefresh !== undefined ? 'minRefresh' : family !== undefined ? 'family' : undefined
    if (idle !== undefined) report({ pointer: child(pointer, idle), at: 'key', message: `"${idle}" is for targets with "dns" or "srv"` })
    return
  }
  const parsed = URL.parse(named)
  const key = child(pointer, dns === undefined ? 'srv' : 'dns')
  if (parsed === null) report({ pointer: key, message: `"${named}" is not a URL` })
  else if (isIP(parsed.hostname.replace(/^\[|\]$/g, '')) !== 0) report({
    pointer: key,
    message: `${parsed.hostname} is an address already`,
    hint: 'write it as a URL'
  })
  else if (parsed.search !== '' || parsed.hash !== '' || parsed.username !== '') report({
    pointer: key,
    message: 'a target is an origin with an optional base path'
  })
  else if (srv !== undefined && parsed.port !== '') report({ pointer: key, message: 'SRV records bring their own ports' })
  if (srv !== undefined && weight !== undefined) {
    report({ pointer: child(pointer, 'weight'), at: 'key', message: 'SRV records bring their own weights' })
  }
  if (minRefresh !== undefined && refresh !== undefined && minRefresh > refresh) {
    report({ pointer: child(pointer, 'minRefresh'), message: 'must not be longer than "refresh"' })
  }
}
