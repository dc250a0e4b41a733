/**
 * What a flood of one client over HTTP/2 does to the gateway and to others: `node bench/http2-attacks.ts`. The floods are those of
 * test/listeners/http2/floods.ts, each until its connection is closed or 20 seconds are over.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { FrameClient, preface, settings, types } from '../test/helpers/http2-frames.ts'
import { floods, type Flood } from '../test/listeners/http2/floods.ts'
import { freePort, urlOf } from './place.ts'
import { processTicks, residentBytes, ticksPerSecond } from './proc.ts'
import { start } from './running.ts'
import { scenarios } from './scenarios.ts'
import { Surroundings } from './surroundings.ts'
import { table } from './table.ts'

const [proxyCore, loadCore] = [0, 1]
/** The longest flood, in milliseconds. */
const longest = 20_000

const around = await Surroundings.open(scenarios.find(({ name }) => name === 'plain')!.load, loadCore)
try {
  const place = await around.place(scenarios[0]!.load)
  const port = await freePort()
  const file = join(place.folder, 'gateway.yaml')
  writeFileSync(file, `
listeners: [{ host: 127.0.0.1, port: ${port}, http2: true }]
admin: { enabled: false }
accessLog: { enabled: false }
upstreams: { service: { targets: ["${urlOf(place, 0)}"] } }
routes: [{ path: /*, upstream: service }]
`)
  const args = [join(import.meta.dirname, '../bin/onedoor.mjs'), 'start', file]
  const gateway = await start({ command: process.execPath, args }, place.folder, proxyCore, port)
  const rows: string[][] = []
  for (const flood of floods) {
    const row = await measure(gateway.pid, port, flood)
    console.error(row.join('  '))
    rows.push(row)
  }
  await gateway.stop()
  const columns = ['flood', 'MB sent', 'closed after ms', 'GOAWAY', 'CPU ms', 'RSS MB before', 'at most', 'others served', 'slowest ms']
  console.log(table(columns, rows))
} finally {
  await around.close()
}

async function measure (pid: number, port: number, flood: Flood): Promise<string[]> {
  const resident = (): number => residentBytes(readFileSync(`/proc/${pid}/status`, 'utf8')) / 1e6
  const ticks = (): number => processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const before = resident()
  let most = before
  const sampling = setInterval(() => { most = Math.max(most, resident()) }, 20)
  const others = { served: 0, failed: 0, slowest: 0, done: false }
  const asking = (async () => {
    while (!others.done) {
      const began = performance.now()
      if (await isServed(`http://127.0.0.1:${port}/other`)) others.served++
      else others.failed++
      others.slowest = Math.max(others.slowest, performance.now() - began)
      await sleep(10)
    }
  })()
  const used = ticks()
  const began = performance.now()
  const client = new FrameClient(connect(port, '127.0.0.1'), Buffer.concat([preface, settings()]))
  let sent = 0
  for (let round = 0; !client.closed && performance.now() - began < longest; round++) {
    const frames = Buffer.concat(flood.send(round))
    sent += frames.length
    if (!client.socket.write(frames)) await Promise.race([new Promise(resolve => { client.socket.once('drain', resolve) }), sleep(100)])
    await setImmediate()
  }
  const took = performance.now() - began
  await sleep(300)
  others.done = true
  await asking
  clearInterval(sampling)
  client.socket.destroy()
  const goaway = client.find(types.goaway)?.payload.readUInt32BE(4)
  return [
    flood.name, (sent / 1e6).toFixed(2), client.closed ? took.toFixed(0) : 'open', String(goaway ?? ''),
    String((ticks() - used) * 1000 / ticksPerSecond), before.toFixed(0), most.toFixed(0),
    `${others.served}${others.failed > 0 ? `, ${others.failed} not` : ''}`, others.slowest.toFixed(0)
  ]
}

async function isServed (url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.text()
    return response.ok
  } catch {
    return false
  }
}
