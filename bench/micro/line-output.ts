/**
 * What it costs to write a line of the log to a pipe, in nanoseconds of CPU: where the thread that serves clients writes itself, and where
 * it hands its lines to the control thread. `thread` is the time of the thread that has the lines, `process` that of all threads.
 *
 *   node bench/micro/line-output.ts
 */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { LineOutput } from '../../src/logging/line-output.ts'
import { writeLinesOf } from '../../src/logging/lines-of-threads.ts'
import { ThreadOutput } from '../../src/logging/thread-output.ts'
import { PortLink } from '../../src/threads/link.ts'
import { Links } from '../../src/threads/links.ts'

const file = fileURLToPath(import.meta.url)
const rounds = 5
const lines = 60_000
const line = `${JSON.stringify({ level: 'info', requestId: 'x'.repeat(32), path: 'x'.repeat(200), msg: 'request completed' })}\n`

/** Microseconds of CPU for all lines. */
interface Cost {
  readonly thread: number
  readonly process: number
}

/** Writes all lines, `burst` of them in each tick, and returns the CPU time of this thread. */
async function produce (write: (line: string) => void, burst: number): Promise<number> {
  const before = process.threadCpuUsage()
  for (let done = 0; done < lines; done += burst) {
    for (let index = 0; index < burst; index++) write(line)
    await new Promise(resolve => { setImmediate(resolve) })
  }
  const { user, system } = process.threadCpuUsage(before)
  return user + system
}

/** In a process whose standard output is a pipe. */
async function measured (how: string, burst: number): Promise<Cost> {
  const output = new LineOutput({ descriptor: 1, file: false, limit: 64 * 1024 * 1024 })
  void process.stdout
  let before = process.cpuUsage()
  let thread: number
  if (how === 'handed over') {
    const links = new Links()
    writeLinesOf(links, output)
    const worker = new Worker(file, { workerData: burst })
    links.add(1, new PortLink(worker))
    // Its start is not counted.
    await links.askOne(1, 'ready', true)
    before = process.cpuUsage()
    links.send('go', true)
    thread = await new Promise(resolve => { links.on('done', (time: number) => { resolve(time) }) })
    await worker.terminate()
  } else thread = await produce(how === 'itself' ? text => output.write(text) : () => {}, burst)
  const { user, system } = process.cpuUsage(before)
  if (output.lost > 0) throw new Error(`${output.lost} lines were lost`)
  return { thread, process: user + system }
}

async function inProcess (how: string, burst: number): Promise<Cost> {
  const child = spawn(process.execPath, [file, how, String(burst)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  child.stdout!.resume()
  const cost = await new Promise<Cost>(resolve => { child.once('message', message => { resolve(message as Cost) }) })
  child.kill()
  return cost
}

if (!isMainThread) {
  const link = new PortLink(parentPort!)
  const output = new ThreadOutput(link, 64 * 1024 * 1024)
  link.answer('ready', () => true)
  link.on('go', () => {
    void produce(text => output.write(text), workerData as number).then(time => {
      output.flush()
      link.send('done', time)
    })
  })
} else if (process.send !== undefined) {
  process.send(await measured(process.argv[2]!, Number(process.argv[3])))
} else {
  for (const burst of [1, 8, 64]) {
    for (const how of ['nothing', 'itself', 'handed over']) {
      const costs: Cost[] = []
      for (let round = 0; round < rounds; round++) costs.push(await inProcess(how, burst))
      const median = (of: keyof Cost): string => {
        const sorted = costs.map(cost => cost[of]).sort((a, b) => a - b)
        return (sorted[Math.floor(rounds / 2)]! * 1000 / lines).toFixed(0)
      }
      const what = `${String(burst).padStart(3)} lines a tick, ${how.padEnd(12)}`
      console.log(`${what} thread ${median('thread')} ns, process ${median('process')} ns`)
    }
  }
}
