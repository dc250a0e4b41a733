/** Tables of counts for tests, and rehearsals of them. */

import type { Rule } from '../../plugins/policies/rate-limiting/rule.ts'
import { freshState } from '../../plugins/policies/rate-limiting/rule.ts'
import type { StateTable } from '../../src/contract/state.ts'
import { Holdings } from '../../src/state/holdings.ts'

/** A table, and what makes a rehearsal of it as it is by then. */
export interface TestTable {
  readonly table: StateTable
  readonly rehearsed: () => StateTable
}

/** A table of so many rows for the keys of these rules. */
export function tableOf (rules: readonly Rule[], rows: number): TestTable {
  const holdings = new Holdings()
  const definition = { kind: 'counts', key: '', table: { rows, cells: freshState(rules) } }
  return { table: holdings.hold().table(definition), rehearsed: () => holdings.fork().table(definition) }
}
