/** What viewers of the console cost a gateway: gateways side by side, with different viewers, in the same seconds. */

import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../statistics.ts'
import { table } from '../table.ts'
import { openDoor, sendSteadily, startService, type Endings } from './gateway.ts'

/** What the views take: most of them no table with a row for each route or target. */
const [overview, everything] = ['/live?tables=', '/live']

/** The viewers of each gateway. */
const viewers: readonly (readonly [name: string, count: number, path: string])[] = [
  ['no viewer', 0, ''], ['1 of the overview', 1, overview], ['1 of everything', 1, everything], ['8 of everything', 8, everything]
]

/** Seconds until code that runs once a second is compiled, and the first second of all is over. */
const warmUp = 12

export interface Measure {
  readonly rounds: number
  /** Seconds of each round. */
  readonly seconds: number
  /** Requests a second of each gateway. */
  readonly rate: number
}

/**
 * Percent of a core, in a table. The gateways run at the same time, so that what the machine does meanwhile hits all of them; each round
 * has new ones. A gateway cannot go from eight viewers to none: it looks on for half a minute.
 */
export async function processorTime (measure: Measure, together: (run: (endings: Endings) => Promise<number[]>) => Promise<number[]>):
Promise<string> {
  const rows: string[][] = []
  for (const rate of [0, measure.rate]) {
    const rounds: number[][] = []
    for (let round = 0; round < measure.rounds; round++) {
      rounds.push(await together(async endings => await percents(endings, measure.seconds, rate)))
      console.error(`${rate} requests/s, round ${round + 1}: ${rounds.at(-1)!.map(shown).join('  ')}`)
    }
    const cell = (place: number): string => {
      const spent = shown(median(rounds.map(all => all[place]!)))
      return place === 0 ? spent : `${spent} (+${shown(median(rounds.map(all => all[place]! - all[0]!)))})`
    }
    rows.push([`${rate} requests/s`, ...viewers.map((_, place) => cell(place))])
  }
  return table(['percent of a core', ...viewers.map(([name]) => name)], rows)
}

async function percents (endings: Endings, seconds: number, rate: number): Promise<number[]> {
  const service = await startService(endings)
  const doors = await Promise.all(viewers.map(async () => await openDoor(endings, service)))
  for (const [place, { admin, port }] of doors.entries()) {
    const [, count, path] = viewers[place]!
    for (let viewer = 0; viewer < count; viewer++) watch(endings, admin + path)
    if (rate > 0) sendSteadily(endings, port, rate)
  }
  await sleep(warmUp * 1000)
  const began = performance.now()
  const before = doors.map(({ running }) => nanoseconds(running.pid))
  await sleep(seconds * 1000)
  const lasted = performance.now() - began
  return doors.map(({ running }, place) => (nanoseconds(running.pid) - before[place]!) / 1e6 / lasted * 100)
}

/** A client of the live stream, as the page of the console is one. */
function watch (endings: Endings, url: string): void {
  const request = get(url, response => response.resume().on('error', () => {}))
  request.on('error', () => {})
  endings.add(() => request.destroy())
}

/** Processor time of all threads of a process. Exacter than /proc/PID/stat, which counts in hundredths of a second. */
function nanoseconds (pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0)
}

function shown (percent: number): string {
  return percent.toFixed(2)
}
