/** What a live stream shows, as the JSON routes of the admin listener say it. */

import type { LargeTable } from './live-tables.ts'

/** Things by their ids. */
export type Table = Readonly<Record<string, unknown>>

/** All there is at one moment. */
export interface Reading {
  /** Each is sent as a whole when it has changed. */
  readonly values: Readonly<Record<string, unknown>>
  /** Of these, rows are sent that have changed. */
  readonly tables: Readonly<Record<string, Table>>
  /** Seconds of the past that are over, the oldest first: they never change. */
  readonly seconds: readonly Second[]
}

/** A second that is over, by its number. It has figures too. */
export interface Second {
  readonly second: number
}

/** Asks a route of the admin listener. Resolves with its JSON; undefined where there is no such route. */
export type Ask = (path: string) => Promise<unknown>

/** Reads everything, of the large tables only those that are wanted. @param since the last second that is known; 0 for none */
export async function readAll (ask: Ask, since: number, wanted: ReadonlySet<LargeTable>): Promise<Reading> {
  const rows = [wanted.has('routes') ? 'routes' : '', wanted.has('targetTraffic') ? 'upstreams' : ''].filter(name => name !== '').join()
  const [ready, upstreams, traffic] = await Promise.all([
    ask('/readyz?verbose'),
    wanted.has('upstreams') ? ask('/upstreams') : undefined,
    ask(`/traffic?since=${since}&rows=${rows}`)
  ])
  const { threads = [], ...gateway } = ready as { readonly threads?: readonly Row[] }
  const { totals = [], marks = [], problems = [], routes = {}, policies = {}, ...figures } = (traffic ?? {}) as Partial<Traffic>
  return {
    values: { gateway, marks, problems },
    tables: {
      threads: byId(threads, 'number'),
      threadTraffic: byId(figures.threads ?? [], 'thread'),
      policies,
      ...wanted.has('routes') ? { routes } : {},
      ...wanted.has('upstreams') ? { upstreams: byId((upstreams ?? []) as readonly Row[], 'name') } : {},
      ...wanted.has('targetTraffic') ? { targetTraffic: figures.upstreams ?? {} } : {}
    },
    seconds: totals
  }
}

type Row = Readonly<Record<string, unknown>>

interface Traffic {
  readonly totals: readonly Second[]
  readonly marks: readonly unknown[]
  readonly problems: readonly unknown[]
  readonly routes: Table
  readonly policies: Table
  readonly upstreams: Table
  readonly threads: readonly Row[]
}

function byId (rows: readonly Row[], id: string): Table {
  return Object.fromEntries(rows.map(row => [String(row[id]), row]))
}
