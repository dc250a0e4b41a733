/** Load of HTTP/2 from h2load, pinned to a core. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { headersOf } from './load.ts'
import type { Cores } from './proc.ts'
import type { Front, Load } from './scenario.ts'
import type { WrkReport } from './wrk-report.ts'

/** What h2load is to do. */
export interface H2loadRun {
  readonly core: Cores
  readonly port: number
  readonly seconds: number
  readonly front: Front
  readonly load: Load
  readonly token: string
}

/** Most paths that fit into one command line. */
const mostPaths = 500

/** Runs h2load to its end. It can send GET requests only. */
export async function h2load ({ core, port, seconds, front, load, token }: H2loadRun): Promise<WrkReport> {
  const base = `${front.tls ? 'https' : 'http'}://127.0.0.1:${port}`
  const { Host: _host, ...fields } = headersOf(load, '', token)
  const headers = Object.entries(fields).flatMap(([name, value]) => ['-H', `${name.toLowerCase()}: ${value}`])
  const { stdout } = await promisify(execFile)('taskset', [
    '-c', String(core), 'h2load', '-t1', '-c', String(load.connections), '-m', String(front.streams ?? 1), '-D', String(seconds),
    ...headers, ...load.paths.slice(0, mostPaths).map(path => base + path)
  ])
  return readH2load(stdout)
}

/**
 * Reads the report of h2load, which has no percentiles.
 * @throws Error when the text is none
 */
export function readH2load (text: string): WrkReport {
  const total = /^finished in ([\d.]+)(s|ms),/m.exec(text)
  const requests = /^requests: \d+ total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed/m.exec(text)
  if (total === null || requests === null) throw new Error(`h2load has not said what it did:\n${text}`)
  const [, done, succeeded, failed] = requests.map(Number)
  return {
    requests: done!,
    seconds: Number(total[1]) * (total[2] === 's' ? 1 : 1e-3),
    p50: NaN,
    p99: NaN,
    otherStatuses: done! - succeeded!,
    socketErrors: failed!
  }
}
