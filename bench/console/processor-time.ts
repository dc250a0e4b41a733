/** What viewers of the console cost a gateway: three gateways side by side, with 0, 1 and 8 viewers, in the same seconds. */

import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../statistics.ts'
import { table } from '../table.ts'
import { openDoor, sendSteadily, startService, type Endings } from './gateway.ts'

const viewers = [0, 1, 8]

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
    const more = (place: number): string => shown(median(rounds.map(all => all[place]! - all[0]!)))
    rows.push([`${rate} requests/s`, ...viewers.map((_, place) => shown(median(rounds.map(all => all[place]!)))), more(1), more(2)])
  }
  return table(['percent of a core', ...viewers.map(count => `${count} viewers`), 'for 1', 'for 8'], rows)
}

async function percents (endings: Endings, seconds: number, rate: number): Promise<number[]> {
  const service = await startService(endings)
  const doors = await Promise.all(viewers.map(async () => await openDoor(endings, service)))
  for (const [place, { admin, port }] of doors.entries()) {
    for (let viewer = 0; viewer < viewers[place]!; viewer++) watch(endings, admin)
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
function watch (endings: Endings, admin: string): void {
  const request = get(`${admin}/live`, response => response.resume().on('error', () => {}))
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
