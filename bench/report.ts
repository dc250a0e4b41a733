/** The table of a scenario, and what was promised of it. */

import type { Measured } from './rounds.ts'
import type { Sample } from './sample.ts'
import { labelOf, type Scenario } from './scenario.ts'
import { median } from './statistics.ts'
import { table } from './table.ts'

/** Medians of the samples of a row. */
export interface Result {
  readonly label: string
  readonly cpu: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly start: number
  readonly atRest: number
  readonly memory: number
  readonly busy: number
  readonly errors: number
  readonly disturbed: number
  readonly samples: readonly Sample[]
}

/** A promise, and the ratio that was measured. */
export interface GoalResult {
  readonly text: string
  readonly ratio: number
  readonly met: boolean
}

/** Medians, in the order of the rows. */
export function resultsOf (measured: readonly Measured[]): Result[] {
  return measured.map(({ row, samples, disturbed }) => {
    const middle = (of: (sample: Sample) => number): number => median(samples.map(of))
    return {
      label: labelOf(row),
      cpu: middle(({ cpu }) => cpu),
      perSecond: middle(({ perSecond }) => perSecond),
      p50: middle(({ p50 }) => p50),
      p99: middle(({ p99 }) => p99),
      start: middle(({ start }) => start),
      atRest: middle(({ atRest }) => atRest),
      memory: middle(({ memory }) => memory),
      busy: middle(({ busy }) => busy),
      errors: samples.reduce((sum, { errors }) => sum + errors, 0),
      disturbed,
      samples
    }
  })
}

/** The goals whose rows were both measured. */
export function verdictsOf (scenario: Scenario, results: readonly Result[]): GoalResult[] {
  const cpu = new Map(results.map(result => [result.label, result.cpu]))
  return scenario.goals.flatMap(({ row, than, atMost }) => {
    const [own, other] = [cpu.get(row), cpu.get(than)]
    if (own === undefined || other === undefined) return []
    const ratio = own / other
    return [{ text: `${row} at most ${atMost} × ${than}`, ratio, met: ratio <= atMost }]
  })
}

/** For eyes, and for a page. */
export function write (scenario: Scenario, results: readonly Result[]): string {
  const references = scenario.references.flatMap(label => results.filter(result => result.label === label))
  const ratios = references.map(({ label }) => `× ${label}`)
  const head = ['', 'µs CPU', ...ratios, 'requests/s', 'p50', 'p99', 'start', 'RSS at rest', 'RSS', 'errors', 'disturbed']
  const rows = results.map(result => [
    result.label,
    result.cpu.toFixed(1),
    ...references.map(reference => (result.cpu / reference.cpu).toFixed(2)),
    Math.round(result.perSecond).toLocaleString('en').replaceAll(',', ' '),
    time(result.p50),
    time(result.p99),
    time(result.start * 1000),
    megabytes(result.atRest),
    megabytes(result.memory),
    String(result.errors),
    `${result.disturbed} of ${result.samples.length}`
  ])
  const verdicts = verdictsOf(scenario, results)
    .map(({ text, ratio, met }) => `- ${met ? 'met' : 'MISSED'}: ${text}; ${ratio.toFixed(2)} measured`)
  const { connections } = scenario.load
  return [
    `### ${scenario.name}`,
    '',
    `${scenario.about}; ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    '',
    table(head, rows),
    ...(verdicts.length > 0 ? ['', ...verdicts] : []),
    ''
  ].join('\n')
}

function megabytes (bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function time (microseconds: number): string {
  return microseconds < 1000 ? `${Math.round(microseconds)} µs` : `${(microseconds / 1000).toFixed(1)} ms`
}
