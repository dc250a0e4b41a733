/** Tables of the live stream that a viewer may leave out, because they have a row for each route, upstream or target. */

import { GatewayError } from '../../../src/index.ts'

const largeTables = ['routes', 'upstreams', 'targetTraffic'] as const

export type LargeTable = typeof largeTables[number]

/** Those of `?tables=routes,upstreams`; all where it is not given. @throws GatewayError `bad-request` */
export function readTables (query: unknown): ReadonlySet<LargeTable> {
  const { tables } = query as { readonly tables?: unknown }
  if (tables === undefined) return new Set(largeTables)
  const names = typeof tables === 'string' ? tables.split(',').filter(name => name !== '') : ['']
  if (names.every(name => largeTables.some(table => table === name))) return new Set(largeTables.filter(table => names.includes(table)))
  throw new GatewayError('bad-request', { detail: `\`tables\` must be a list of ${largeTables.join(', ')}` })
}

/** Whether a viewer that wants these large tables gets a table. */
export function isWanted (name: string, wanted: ReadonlySet<string>): boolean {
  return wanted.has(name) || !largeTables.some(table => table === name)
}
