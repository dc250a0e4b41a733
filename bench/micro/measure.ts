/** Time and garbage of one call of a small function. */

import { median } from '../statistics.ts'

const rounds = 30
const times = 20_000
/** Rounds in which the code is compiled, and so not counted. */
const young = 10
/** Few enough that the garbage of a batch mostly fits into the young generation without a collection. */
const batch = 1000
const batches = 101

/** Takes what pieces give back, so that no call is optimised away. */
const kept: { value: unknown } = { value: undefined }

/** Prints nanoseconds and bytes per call: medians of many rounds. */
export function measure (name: string, once: (index: number) => unknown): void {
  const durations = Array.from({ length: rounds }, () => {
    const from = process.hrtime.bigint()
    for (let index = 0; index < times; index++) kept.value = once(index)
    return Number(process.hrtime.bigint() - from) / times
  })
  const sizes = Array.from({ length: batches }, () => {
    const from = process.memoryUsage().heapUsed
    for (let index = 0; index < batch; index++) kept.value = once(index)
    return (process.memoryUsage().heapUsed - from) / batch
    // Where a collection fell into the batch.
  }).filter(size => size >= 0)
  const bytes = sizes.length === 0 ? '?' : String(Math.round(median(sizes)))
  console.log(`${name.padEnd(60)} ${median(durations.slice(young)).toFixed(0).padStart(6)} ns ${bytes.padStart(6)} B`)
}
