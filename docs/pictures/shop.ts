/** The shop: its gateway as a process of its own, with two threads, the services behind it, and its clients. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startNameServer } from '../../test/helpers/name-server.ts'
import { freePort } from '../../test/helpers/target.ts'
import { startClients } from './clients.ts'
import { startService } from './services.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(new URL('shop.yaml', import.meta.url), 'utf8')

/** In configuration, but nothing listens there. */
const dead = 'orders-3.internal'

/** Each process has addresses of its own of the loopback network. */
const block = `127.${1 + process.pid % 250}.${1 + Math.floor(process.pid / 250) % 250}`

/** What the gateway takes for the name of its machine: pictures show it. */
const preload = `data:text/javascript,${encodeURIComponent(`
  import os from 'node:os'
  import { syncBuiltinESMExports } from 'node:module'
  os.hostname = () => 'door-1.shop.example'
  syncBuiltinESMExports()
`)}`

export interface Shop {
  /** Base URL of the admin listener. */
  readonly admin: string
  /** Saves the file with a change, which is reloaded. */
  readonly save: (change: (text: string) => string) => void
  readonly close: () => Promise<void>
}

/** Opens the shop. @param rate requests a second */
export async function openShop (rate: number): Promise<Shop> {
  const endings: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (const end of endings.toReversed()) await end()
  }
  try {
    const names = [...new Set([...text.matchAll(/http:\/\/([a-z]+-\d\.internal):(\d+)/g)].map(([, name, port]) => `${name} ${port}`))]
      .map((line, place) => ({ name: line.split(' ')[0]!, port: Number(line.split(' ')[1]), address: `${block}.${place + 1}` }))
    const zones = Object.fromEntries(names.map(({ name, address }) => [name, { a: [address] }]))
    const nameServer = await startNameServer({ after: end => { endings.push(end as () => unknown) } }, zones)
    for (const { name, address, port } of names.filter(({ name }) => name !== dead)) {
      const server = await startService(name, address, port)
      endings.push(() => { server.close(); server.closeAllConnections() })
    }
    // Messages name it.
    const folder = mkdtempSync(join(tmpdir(), 'shop-'))
    endings.push(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'gateway.yaml'), text)
    const [port, adminPort, secret] = [await freePort(), await freePort(), 'the-secret-of-the-login-of-the-shop-1']
    const gateway = spawn(process.execPath, ['--import', preload, join(root, 'bin/onedoor.mjs'), 'start', 'gateway.yaml'], {
      cwd: folder,
      env: { ...process.env, PORT: `${port}`, ADMIN_PORT: `${adminPort}`, NAME_SERVER: nameServer.address, JWT_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit']
    })
    endings.push(async () => {
      if (gateway.exitCode !== null) return
      gateway.kill('SIGTERM')
      await once(gateway, 'exit')
    })
    for await (const line of createInterface({ input: gateway.stdout })) if (line.includes('gateway started')) break
    gateway.stdout.resume()
    if (gateway.exitCode !== null) throw new Error('the gateway did not start')
    const clients = startClients(port, secret, rate)
    endings.push(clients.stop)
    return {
      admin: `http://127.0.0.1:${adminPort}`,
      save: change => writeFileSync(join(folder, 'gateway.yaml'), change(text)),
      close
    }
  } catch (error) {
    await close()
    throw error
  }
}
