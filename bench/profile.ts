/** Where the time of a Node process went, function by function, without what they called. */

/** A profile as V8 gives it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string, readonly url: string, readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** A function and its share of the time in which the process was not idle. */
export interface Slice {
  readonly name: string
  readonly place: string
  readonly share: number
}

/** The most expensive functions, the dearest first. */
export function selfTimes ({ nodes, samples, timeDeltas }: CpuProfile, most: number): Slice[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, { name: string, place: string, time: number }>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame === undefined || frame.functionName === '(idle)') continue
    const time = timeDeltas[index] ?? 0
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName
    const place = placeOf(frame.url, frame.lineNumber)
    const slice = times.get(`${name} ${place}`) ?? { name, place, time: 0 }
    slice.time += time
    times.set(`${name} ${place}`, slice)
    total += time
  }
  return [...times.values()]
    .sort((a, b) => b.time - a.time)
    .slice(0, most)
    .map(({ name, place, time }) => ({ name, place, share: time / total }))
}

/** A package's file from the package on, ours from the last three folders on. */
function placeOf (url: string, line: number): string {
  if (url === '') return ''
  const path = url.includes('/node_modules/')
    ? url.slice(url.lastIndexOf('/node_modules/') + '/node_modules/'.length)
    : url.split('/').slice(-3).join('/')
  return `${path}:${line + 1}`
}
