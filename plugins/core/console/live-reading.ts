/** What a live stream shows, as the JSON routes of the admin listener say it. */

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

/** Reads everything. @param since the last second that is known; 0 for none */
export async function readAll (ask: Ask, since: number): Promise<Reading> {
  const [ready, upstreams, traffic] = await Promise.all([ask('/readyz?verbose'), ask('/upstreams'), ask(`/traffic?since=${since}`)])
  const { threads = [], ...gateway } = ready as { readonly threads?: readonly Row[] }
  const { totals = [], marks = [], problems = [], routes = {}, policies = {}, ...figures } = (traffic ?? {}) as Partial<Traffic>
  return {
    values: { gateway, marks, problems },
    tables: {
      threads: byId(threads, 'number'),
      threadTraffic: byId(figures.threads ?? [], 'thread'),
      upstreams: byId((upstreams ?? []) as readonly Row[], 'name'),
      targetTraffic: figures.upstreams ?? {},
      routes,
      policies
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
