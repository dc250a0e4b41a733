/** Pebble, the ACME server for tests of Let's Encrypt, strict, with every fifth nonce rejected, and its DNS. Where it is installed. */

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { certificate, privateKey } from '../health-checks/certificate.ts'
import { freePort } from './target.ts'

/** A running Pebble. All names lead to 127.0.0.1. */
export interface Pebble {
  /** URL of the directory. */
  readonly directory: string
  /** What its own certificate is checked with. */
  readonly ca: string
  /** Where it asks for HTTP-01 and for TLS-ALPN-01. */
  readonly httpPort: number
  readonly tlsPort: number
  /** The root of the certificates that it issues. */
  root (): Promise<string>
}

/** Why tests with Pebble are left out here; false where they run. */
export const noPebble = ['pebble', 'pebble-challtestsrv'].every(
  name => (process.env['PATH'] ?? '').split(delimiter).some(folder => existsSync(join(folder, name)))
) ? false : 'needs pebble and pebble-challtestsrv'

/** External accounts by their ids. */
export const externalAccounts = { 'kid-1': 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W' }

/** Starts Pebble, and stops it with the test. */
export async function startPebble (t: Pick<TestContext, 'after'>, externalAccountBindingRequired = false): Promise<Pebble> {
  const folder = mkdtempSync(join(tmpdir(), 'pebble-'))
  const ports = new Set<number>()
  while (ports.size < 6) ports.add(await freePort())
  const [acme, management, httpPort, tlsPort, dns, names] = [...ports] as [number, number, number, number, number, number]
  writeFileSync(join(folder, 'cert.pem'), certificate)
  writeFileSync(join(folder, 'key.pem'), privateKey)
  writeFileSync(join(folder, 'pebble.json'), JSON.stringify({
    pebble: {
      listenAddress: `127.0.0.1:${acme}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate: join(folder, 'cert.pem'),
      privateKey: join(folder, 'key.pem'),
      httpPort,
      tlsPort,
      ocspResponderURL: '',
      externalAccountBindingRequired,
      externalAccountMACKeys: externalAccounts
    }
  }))
  const nameServer = spawn('pebble-challtestsrv', [
    '-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${names}`,
    '-defaultIPv6', '', '-http01', '', '-https01', '', '-tlsalpn01', ''
  ], { stdio: 'ignore' })
  const server = spawn('pebble', ['-strict', '-config', join(folder, 'pebble.json'), '-dnsserver', `127.0.0.1:${dns}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '20' }
  })
  t.after(async () => {
    await Promise.all([server, nameServer].map(stop))
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`pebble ended with ${code}`)))
    server.stdout.on('data', (chunk: Buffer) => { if (chunk.includes('ACME directory available')) resolve() })
  })
  // It says so before it listens.
  while (!await listens(acme)) await pause(10)
  return {
    directory: `https://127.0.0.1:${acme}/dir`,
    ca: certificate,
    httpPort,
    tlsPort,
    async root () {
      const dispatcher = new Agent({ connect: { ca: certificate } })
      try {
        return await (await request(`https://127.0.0.1:${management}/roots/0`, { dispatcher })).body.text()
      } finally {
        await dispatcher.close()
      }
    }
  }
}

async function listens (port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true) }).once('error', () => resolve(false))
  })
}

async function stop (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await new Promise<void>(resolve => { child.once('exit', () => resolve()) })
}
