/** Samples of a scenario, one contender after the other and that again and again, so that a slow minute of the machine hits all of them. */

import type { Contender } from './contender.ts'
import { sample, type Method, type Sample } from './sample.ts'
import { labelOf, type Row, type Scenario } from './scenario.ts'
import { Surroundings } from './surroundings.ts'

/** Above this share of its core taken by others a sample is disturbed and taken again. */
export const mostTaken = 0.08

/** So often, then the least disturbed one counts. */
const mostTries = 3

/** A row with its samples. */
export interface Measured {
  readonly row: Row
  readonly samples: readonly Sample[]
  /** Samples that stayed disturbed. */
  readonly disturbed: number
}

/** Measures the rows of a scenario whose contenders are there. */
export async function measure (
  scenario: Scenario,
  rows: readonly Row[],
  contenders: ReadonlyMap<string, Contender>,
  { proxyCore, loadCore, ...times }: Method,
  rounds: number,
  say: (line: string) => void
): Promise<Measured[]> {
  const both = [proxyCore, loadCore].flat()
  const method = scenario.together === true ? { ...times, proxyCore: both, loadCore: both } : { ...times, proxyCore, loadCore }
  const around = await Surroundings.open(scenario.load, method.loadCore)
  const samples = new Map<Row, Sample[]>(rows.map(row => [row, []]))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const row of rotated([...samples.keys()], round)) {
        const contender = contenders.get(row.contender)!
        const load = { ...scenario.load, ...row.load }
        const taken = await undisturbed(async () => await sample(contender, load, around, method)).catch((error: unknown) => {
          // One that cannot be measured must not cost the others their night; what it did before does not count either.
          say(`${scenario.name}  ${labelOf(row)} is left out: ${error instanceof Error ? error.message : String(error)}`)
          process.exitCode = 1
        })
        if (taken === undefined) {
          samples.delete(row)
          continue
        }
        samples.get(row)!.push(taken)
        const disturbed = taken.others > mostTaken ? ` (disturbed: ${taken.others.toFixed(2)} of the core)` : ''
        say(`${scenario.name} ${round + 1}/${rounds}  ${labelOf(row)}: ${taken.cpu.toFixed(1)} µs${disturbed}`)
      }
    }
  } finally {
    await around.close()
  }
  return [...samples].map(([row, taken]) => ({ row, samples: taken, disturbed: taken.filter(({ others }) => others > mostTaken).length }))
}

/** The first sample that was left alone, or the least disturbed of several. */
async function undisturbed (take: () => Promise<Sample>): Promise<Sample> {
  let best: Sample | undefined
  for (let tries = 0; tries < mostTries; tries++) {
    const taken = await take()
    if (best === undefined || taken.others < best.others) best = taken
    if (best.others <= mostTaken) break
  }
  return best!
}

/** Each round begins with another one. */
function rotated<T> (items: readonly T[], by: number): T[] {
  const at = by % Math.max(1, items.length)
  return [...items.slice(at), ...items.slice(0, at)]
}
