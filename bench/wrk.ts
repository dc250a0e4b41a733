/** Load from wrk, pinned to a core. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Cores } from './proc.ts'
import { readReport, type WrkReport } from './wrk-report.ts'

/** What wrk is to do. */
export interface WrkRun {
  readonly core: Cores
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Path of the script. */
  readonly script: string
  /** Whether it speaks TLS. */
  readonly tls: boolean
}

/** Runs wrk to its end. */
export async function wrk ({ core, port, connections, seconds, script, tls }: WrkRun): Promise<WrkReport> {
  const args = [
    '-c', String(core), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', '-s',
    script, `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  ]
  const { stdout } = await promisify(execFile)('taskset', args)
  return readReport(stdout)
}
