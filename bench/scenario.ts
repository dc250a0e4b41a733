/** What is measured together: contenders that serve the same requests, and what one of them may cost compared with another. */

/** How clients speak with a contender. */
export interface Front {
  readonly tls: boolean
  /** Requests at once on each connection of HTTP/2; undefined for HTTP/1.1. */
  readonly streams?: number
}

/** What is requested, and what the target responds with. */
export interface Load {
  readonly connections: number
  /** Paths, asked for in turn. */
  readonly paths: readonly string[]
  /** Bytes of the body of a request; 0 is a GET without one. */
  readonly body: number
  /** Bytes of the body of a response. */
  readonly answer: number
  /** Whether the target speaks TLS. */
  readonly tls: boolean
  /** HTTP/1.1 without TLS unless given. */
  readonly front?: Front
  /** Whether the target speaks HTTP/2, without TLS. */
  readonly http2?: boolean
}

/** A line of the table. */
export interface Row {
  /** Name of a contender. */
  readonly contender: string
  /** What it is called in the table, where that is not the name of the contender. */
  readonly label?: string
  /** How its load differs from that of the scenario. */
  readonly load?: Partial<Load>
}

/** The first row may cost at most so many times what the second does. */
export interface Goal {
  readonly row: string
  readonly than: string
  readonly atMost: number
}

/** What is measured together. */
export interface Scenario {
  readonly name: string
  readonly about: string
  readonly load: Load
  /** Whether contender and load run on two cores together, instead of each on its own. */
  readonly together?: true
  readonly rows: readonly Row[]
  /** Rows that get a column of ratios. */
  readonly references: readonly string[]
  readonly goals: readonly Goal[]
}

/** The name of a row in the table. */
export function labelOf (row: Row): string {
  return row.label ?? row.contender
}
