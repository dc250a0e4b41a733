/** One sample: a fresh process, warmed without a break, then measured. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAnswer } from './check-answer.ts'
import type { Contender } from './contender.ts'
import { h2load } from './h2load.ts'
import { Inspector } from './inspector.ts'
import { wrkScript } from './load.ts'
import type { Cores } from './proc.ts'
import { memory, processTree, read, takenByOthers } from './process-tree.ts'
import { start } from './running.ts'
import type { Load } from './scenario.ts'
import type { CpuProfile } from './profile.ts'
import type { Surroundings } from './surroundings.ts'
import { wrk } from './wrk.ts'
import type { WrkReport } from './wrk-report.ts'

/** How long, and where. */
export interface Method {
  /** Core of the contender. */
  readonly proxyCore: Cores
  /** Core of wrk, the target and the collector. */
  readonly loadCore: Cores
  /** Seconds of load before the window: a Node process that has idled or is young costs more. */
  readonly warmUp: number
  /** Seconds that are measured. */
  readonly window: number
}

/** What one sample has shown. */
export interface Sample {
  /** Processor time of the contender for one request, in microseconds. */
  readonly cpu: number
  readonly perSecond: number
  /** Latencies in microseconds. */
  readonly p50: number
  readonly p99: number
  /** Milliseconds from its start until it listened. */
  readonly start: number
  /** Bytes in RAM before the load, and at the end. */
  readonly atRest: number
  readonly memory: number
  /** Share of its core that the contender used: well below 1, the load was the bottleneck. */
  readonly busy: number
  /** Share of its core that others took. */
  readonly others: number
  /** Responses that were neither 2xx nor 3xx, and connections that failed. */
  readonly errors: number
  /** Where its time went, when that was asked for. */
  readonly profile?: CpuProfile
}

/** Takes one. */
export async function sample (contender: Contender, load: Load, around: Surroundings, method: Method, profiled = false): Promise<Sample> {
  const place = await around.place(load)
  const launch = contender.launch(place)
  const inspected = profiled && contender.node === true
  const began = performance.now()
  const running = await start(
    inspected ? { ...launch, args: ['--inspect=127.0.0.1:0', ...launch.args] } : launch,
    place.folder,
    method.proxyCore,
    place.port
  )
  const listening = performance.now()
  const atRest = memory(processTree(running.pid))
  try {
    await checkAnswer(contender, place, around.token)
    const script = join(place.folder, 'load.lua')
    writeFileSync(script, wrkScript(load, `127.0.0.1:${place.port}`, around.token))
    const run = async (seconds: number): Promise<WrkReport> => {
      const { port } = place
      const { front } = load
      if (front?.streams !== undefined) return await h2load({ core: method.loadCore, port, seconds, front, load, token: around.token })
      const { connections } = load
      return await wrk({ core: method.loadCore, port, connections, seconds, script, tls: front?.tls === true })
    }
    const inspector = inspected ? await Inspector.connect(running) : undefined
    await run(method.warmUp)
    await inspector?.send('Profiler.enable')
    await inspector?.send('Profiler.start')
    const pids = processTree(running.pid)
    const beside = sharesCores(method) ? around.pids : []
    const before = read(pids, method.proxyCore, beside)
    const report = await run(method.window)
    const after = read(pids, method.proxyCore, beside)
    const profile = inspector === undefined ? undefined : (await inspector.send('Profiler.stop') as { profile: CpuProfile }).profile
    inspector?.close()
    const bytes = memory(pids)
    checkLog(contender, place.folder, report.requests)
    return {
      cpu: (after.own - before.own) / report.requests * 1e6,
      perSecond: report.requests / report.seconds,
      p50: report.p50,
      p99: report.p99,
      start: listening - began,
      atRest,
      memory: bytes,
      busy: (after.own - before.own) / (after.at - before.at),
      others: takenByOthers(before, after),
      errors: report.otherStatuses + report.socketErrors,
      ...(profile === undefined ? {} : { profile })
    }
  } finally {
    await running.stop()
    // The access log of a sample can have a hundred megabytes.
    rmSync(place.folder, { recursive: true, force: true })
  }
}

/** Whether the load runs on cores of the contender. */
function sharesCores ({ proxyCore, loadCore }: Method): boolean {
  const cores = [proxyCore].flat()
  return [loadCore].flat().some(core => cores.includes(core))
}

/** A contender that is to log every request must have done so: what is dropped or sampled away costs nothing. */
function checkLog (contender: Contender, folder: string, requests: number): void {
  if (contender.log === undefined) return
  let lines = 0
  for (const byte of readFileSync(join(folder, contender.log))) if (byte === 10) lines++
  if (lines < requests) throw new Error(`${contender.name} logged ${lines} of more than ${requests} requests`)
}
