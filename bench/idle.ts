/**
 * What idle connections cost in memory: `npm run bench:idle -- [connections]`, 10 000 by default.
 * Each has carried one request before.
 */

import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { absence, contenders } from './contenders.ts'
import { headersOf } from './load.ts'
import type { Place } from './place.ts'
import { memory, processTree } from './process-tree.ts'
import { start } from './running.ts'
import { scenarios } from './scenarios.ts'
import { Surroundings } from './surroundings.ts'
import { table } from './table.ts'

const count = Number(process.argv[2] ?? 10_000)
const [proxyCore, loadCore] = [0, 1]
/** So many are opened at a time. */
const batch = 200
/** Milliseconds within which a connection is accepted and has a response; some have a limit of their own. */
const patience = 20_000
/** Seconds until a process has given back what it only needed for opening them. */
const settle = 5
const { load } = scenarios.find(({ name }) => name === 'plain')!

const rows: string[][] = []
const around = await Surroundings.open(load, loadCore)
try {
  for (const name of ['nginx', 'haproxy', 'caddy', 'reply-from', 'onedoor', 'onedoor-all-on']) {
    const row = await measure(name).catch((error: unknown) => [name, String(error), '', '', ''])
    console.error(row.join('  '))
    rows.push(row)
  }
} finally {
  await around.close()
}
console.log(`${count} idle connections\n\n${table(['', 'RSS without', 'RSS with', 'bytes each', 'open after all'], rows)}`)

async function measure (name: string): Promise<string[]> {
  const contender = contenders.get(name)!
  const absent = absence(contender)
  if (absent !== undefined) return [name, absent, '', '', '']
  const place = await around.place(load)
  const running = await start(contender.launch(place), place.folder, proxyCore, place.port)
  const sockets: Socket[] = []
  const resident = async (): Promise<number> => {
    await sleep(settle * 1000)
    return memory(processTree(running.pid))
  }
  try {
    // What every process needs once, whatever the number of connections, is in the first figure.
    for (const socket of await open(place, batch)) socket.destroy()
    const before = await resident()
    while (sockets.length < count) sockets.push(...await open(place, Math.min(batch, count - sockets.length)))
    const after = await resident()
    const still = sockets.filter(socket => socket.readyState === 'open').length
    return [name, mega(before), mega(after), Math.round((after - before) / count).toLocaleString('en').replaceAll(',', ' '), String(still)]
  } finally {
    for (const socket of sockets) socket.destroy()
    await running.stop()
  }
}

/** Opens some connections and sends a request on each; resolves when all have a response. */
async function open (place: Place, some: number): Promise<Socket[]> {
  const headers = headersOf(load, `127.0.0.1:${place.port}`, around.token)
  const fields = Object.entries(headers).map(([field, value]) => `${field}: ${value}\r\n`).join('')
  const head = `GET ${load.paths[0]!} HTTP/1.1\r\n${fields}\r\n`
  return await Promise.all(Array.from({ length: some }, async () => await new Promise<Socket>((resolve, reject) => {
    const socket = connect(place.port, '127.0.0.1', () => socket.write(head))
    let received = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk
      if (received.endsWith('"}') || received.endsWith('0\r\n\r\n')) resolve(socket)
    })
    socket.once('error', reject)
    socket.setTimeout(patience, () => reject(new Error('takes no more connections')))
    socket.once('close', () => reject(new Error(`${socket.localPort} was closed after ${received.length} bytes`)))
  })))
}

function mega (bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
