/** The promises that a storm must not break. */

import type { Fault } from './faults.ts'
import type { GatewayProcess, Size } from './gateway-process.ts'
import type { Sent } from './load.ts'

/** When a target misbehaved, on the clock of the records. */
export interface Spell {
  readonly fault: Fault
  readonly from: number
  /** From here on it did so for certain. */
  readonly set: number
  to: number
}

/** How long a fault may be felt on connections after it has ended, in milliseconds. */
const echo = 250

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Whether nothing that happened can excuse anything but a 200. */
export function mustSucceed ({ room, method, at, ended }: Sent, spells: readonly Spell[]): boolean {
  if (room !== 'shaky') return true
  return spells.every(({ fault, from, set, to }) => {
    if (at > to + echo || ended < from - echo) return true
    if (!safe.has(method)) return fault.does === 'slow'
    return fault.costs === 'never' || (fault.costs === 'onset' && (at > set + echo || ended < from - echo))
  })
}

/** Statuses that the gateway or a target may give while a target misbehaves. */
const excused: ReadonlySet<number> = new Set([200, 502, 503, 504])

/** What broke, each with the request that shows it; no more than a few of a kind. */
export function brokenBy (records: readonly Sent[], spells: readonly Spell[]): string[] {
  const found = new Map<string, string[]>()
  const say = (kind: string, sent: Sent, more = ''): void => {
    const { method, room, token, size, body, status, end, at, ended } = sent
    const list = found.get(kind) ?? []
    found.set(kind, list)
    const ending = status === undefined ? end : `${end} ${status}`
    list.push(`${method} /${room}/${token}?size=${size}, ${body.length} bytes up: ${ending} after ${Math.round(ended - at)} ms ${more}`)
  }
  for (const sent of records) {
    if (sent.wrong !== undefined) say('answer malformed or not its own', sent, sent.wrong)
    if (sent.end === 'lost') say('neither answer nor end', sent)
    if (sent.end === 'answered' && !excused.has(sent.status ?? 0) && sent.wrong === undefined) say('status that nobody may give', sent)
  }
  for (const sent of records) {
    if ((sent.end === 'cut' || (sent.end === 'answered' && sent.status !== 200)) && mustSucceed(sent, spells)) {
      say(sent.room === 'shaky' ? slow : 'failed where no target misbehaved', sent, near(sent, spells))
    }
  }
  return [...found].map(([kind, list]) => `${kind}: ${list.length}\n    ${list.slice(0, 5).join('\n    ')}`)
}

/** The one kind of broken promise that a very slow machine can cause as well. */
export const slow = 'failed although another target could answer'

function near ({ at, ended }: Sent, spells: readonly Spell[]): string {
  return spells.filter(({ from, to }) => at < to + 1000 && ended > from - 1000).map(({
    fault,
    from,
    to
  }) => `(target ${fault.name} from ${Math.round(from - at)} to ${Math.round(to - at)} ms)`).join(' ')
}

/** What the log shows. */
export function brokenInLog (gateway: GatewayProcess, records: readonly Sent[]): string[] {
  const internal = new Set(['unhandled rejection', 'uncaught exception'])
  const own = new Set(['internal', 'plugin-error'])
  const bad = gateway.lines
    .filter(({ level, msg, code }) => level === 'fatal' || own.has(String(code)) || internal.has(String(msg)))
    .map(line => JSON.stringify(line).slice(0, 600))
  const answered = records.filter(({ end, wrong }) => end === 'answered' && wrong === undefined)
  const missing = answered.filter(({ token }) => !gateway.requests.has(token)).map(({ token }) => token)
  const twice = [...gateway.requests].filter(([token, count]) => count > 1 && token !== 'heap').map(([token]) => token)
  return [
    ...several('log lines that may not be', bad),
    ...several('access lines of a fault of the gateway', gateway.faulty.map(line => line.slice(0, 600))),
    ...several('answered but not in the log', missing),
    ...several('in the log more than once', twice),
    ...gateway.complaints === '' ? [] : [`standard error is not empty: ${gateway.complaints.slice(0, 600)}`]
  ]
}

/** Most that the heap of a thread may grow from one round to the last, in bytes: what is compiled late, and ends of series. */
const growthLimit = 6e6

/** What must be back after each round. The first one loads code and fills caches; only what comes after it is growth. */
export function brokenBySize (base: Size, sizes: readonly Size[], threads: number): string[] {
  const left = sizes.flatMap(({ descriptors }, round) => descriptors.length <= base.descriptors.length
    ? []
    : [`after round ${round + 1}: ${surplus(base.descriptors, descriptors).join(', ')}`])
  const growth = sizes.at(-1)!.heap - sizes[0]!.heap
  return [
    ...several('descriptors that were not there before', left),
    ...growth > growthLimit * threads
      ? [`heap after collection: ${base.heap} before, then ${sizes.map(({ heap }) => heap).join(', ')}`]
      : []
  ]
}

function surplus (before: readonly string[], after: readonly string[]): string[] {
  const left = [...before]
  return after.filter(one => {
    const at = left.indexOf(one)
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}

/** One line for many of a kind, with the first few; none for none. */
export function several (kind: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${kind}: ${items.length}\n    ${items.slice(0, 5).join('\n    ')}`]
}
