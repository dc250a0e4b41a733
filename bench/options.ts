/** The command line of the benchmark. */

import { parseArgs } from 'node:util'
import { scenarios } from './scenarios.ts'
import { contenders } from './contenders.ts'
import { labelOf, type Row, type Scenario } from './scenario.ts'

/** What is to be measured, and how. */
export interface Options {
  readonly scenarios: readonly Scenario[]
  /** Whether a row is to be measured. */
  readonly wants: (row: Row) => boolean
  readonly rounds: number
  readonly warmUp: number
  readonly window: number
  readonly profile: boolean
  /** File for all figures. */
  readonly json: string | undefined
}

/** The help. */
export const usage = `npm run bench -- [options]

  --scenario NAME   only this one; may be repeated. ${scenarios.map(({ name }) => name).join(' ')}
  --only NAME       only this contender; may be repeated. ${[...contenders.keys()].join(' ')}
  --rounds N        samples of each (5)
  --quick           one round, short: whether everything runs, no figures to quote
  --profile         the functions in which a Node contender spends its time, beside what it costs when profiled
  --json FILE       all figures, every sample, as JSON
`

/**
 * Reads the arguments.
 * @throws TypeError that says which one is wrong
 */
export function readOptions (args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      json: { type: 'string' }
    }
  })
  const named = values.scenario ?? []
  const only = values.only ?? []
  for (const name of named) if (!scenarios.some(scenario => scenario.name === name)) throw new TypeError(`there is no scenario ${name}`)
  for (const name of only) if (!contenders.has(name)) throw new TypeError(`there is no contender ${name}`)
  const rounds = Number(values.rounds ?? (values.quick || values.profile ? 1 : 5))
  if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number, at least 1')
  return {
    scenarios: named.length > 0 ? scenarios.filter(({ name }) => named.includes(name)) : scenarios,
    wants: row => only.length === 0 || only.includes(row.contender) || only.includes(labelOf(row)),
    rounds,
    warmUp: values.quick ? 2 : 7,
    window: values.quick ? 2 : 8,
    profile: values.profile,
    json: values.json
  }
}
