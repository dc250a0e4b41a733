/**
 * Whether the heap is the same after two million requests: `npm run soak -- [requests] [--threads 2]`.
 *
 * The gateway has every feature on. Requests of all kinds come: on many paths, with bodies, without a token, with an
 * invalid token, with a path without a route. The heap is measured after a tenth of the requests, when every cache
 * is full, and at the end. Growth of 1 % or more is a failure.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contenders } from './contenders.ts'
import { snapshotOfThread, takeSnapshot, totalBytes, type ClassSize } from './heap.ts'
import { Inspector } from './inspector.ts'
import { memory, processTree } from './process-tree.ts'
import { start } from './running.ts'
import { scenarios } from './scenarios.ts'
import { soakScript } from './soak-script.ts'
import { Surroundings } from './surroundings.ts'
import { table } from './table.ts'
import { wrk } from './wrk.ts'

const { values, positionals } = parseArgs({ options: { threads: { type: 'string', default: '1' } }, allowPositionals: true })
const threads = Number(values.threads)
const wanted = Number(positionals[0] ?? 2_000_000)
/** Of the admin listener. */
const token = 'token-of-the-soak-that-is-long-enough'
const mostGrowth = 0.01
const slice = 10
const [proxyCore, loadCore] = [0, 1]

const scenario = scenarios.find(({ name }) => name === 'all-on')!
const contender = contenders.get(threads === 1 ? 'onedoor-all-on' : `onedoor-all-on-threads-${threads}`)!
const around = await Surroundings.open(scenario.load, loadCore)
try {
  await soak()
} finally {
  await around.close()
}

async function soak (): Promise<void> {
  const place = await around.place(scenario.load)
  const launch = contender.launch(place)
  const args = ['--inspect=127.0.0.1:0', ...launch.args, '--set', 'admin.debug=true', '--set', `admin.token=${token}`]
  const running = await start({ ...launch, args }, place.folder, proxyCore, place.port)
  try {
    const inspector = await Inspector.connect(running)
    const snapshots = async (): Promise<Map<string, ClassSize>> => {
      const all = [await takeSnapshot(inspector)]
      for (let thread = 1; threads > 1 && thread <= threads; thread++) {
        all.push(await snapshotOfThread(`http://127.0.0.1:${place.adminPort}`, token, thread))
      }
      const sum = sumOf(all)
      // The memory that threads share is in each of their snapshots, with all of its gigabytes.
      if (threads > 1) sum.delete('system / JSArrayBufferData')
      return sum
    }
    const script = join(place.folder, 'soak.lua')
    writeFileSync(script, soakScript(`127.0.0.1:${place.port}`, around.token))
    let sent = 0
    let refused = 0
    let failed = 0
    const until = async (count: number): Promise<void> => {
      while (sent < count) {
        const report = await wrk({ core: loadCore, port: place.port, connections: 64, seconds: slice, script, tls: false })
        sent += report.requests
        refused += report.otherStatuses
        failed += report.socketErrors
        console.error(`${sent} requests, ${(memory(processTree(running.pid)) / 1e6).toFixed(0)} MB RSS`)
      }
    }
    await until(wanted / 10)
    const before = await snapshots()
    await until(wanted)
    const after = await snapshots()
    inspector.close()
    const growth = totalBytes(after) / totalBytes(before) - 1
    console.log(`${sent} requests, ${refused} of them refused as they should, ${failed} connections failed`)
    const heap = `heap ${mega(totalBytes(before))} → ${mega(totalBytes(after))}, ${(growth * 100).toFixed(2)} %`
    console.log(`${heap}; RSS ${mega(memory(processTree(running.pid)))}\n`)
    console.log(table(['what grew most', 'before', 'after', 'bytes'], grown(before, after)))
    if (growth >= mostGrowth || failed > 0) process.exitCode = 1
  } finally {
    await running.stop()
  }
}

function grown (before: ReadonlyMap<string, ClassSize>, after: ReadonlyMap<string, ClassSize>): string[][] {
  const none = { bytes: 0, count: 0 }
  return [...after]
    .map(([name, now]) => ({ name, now, was: before.get(name) ?? none }))
    .sort((a, b) => (b.now.bytes - b.was.bytes) - (a.now.bytes - a.was.bytes))
    .slice(0, 12)
    .map(({ name, now, was }) => [name.slice(0, 60), String(was.count), String(now.count), String(now.bytes - was.bytes)])
}

/** Sizes of several heaps together. */
function sumOf (heaps: readonly ReadonlyMap<string, ClassSize>[]): Map<string, ClassSize> {
  const sum = new Map<string, ClassSize>()
  for (const [name, { bytes, count }] of heaps.flatMap(heap => [...heap])) {
    const before = sum.get(name)
    sum.set(name, { bytes: (before?.bytes ?? 0) + bytes, count: (before?.count ?? 0) + count })
  }
  return sum
}

function mega (bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}
