/** A real Redis for tests, on a socket of its own: found on this machine, or taken from Debian's package without installing anything. */

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createClient } from '@redis/client'

export interface TestRedis {
  readonly url: string
  /** Runs a command. */
  command (...args: string[]): Promise<unknown>
  /** Ends it at once; what it knew is lost. */
  kill (): Promise<void>
  /** Starts it again, empty. */
  restart (): Promise<void>
  /** Stops it from answering while its connections stay open. */
  freeze (): void
  thaw (): void
}

/** Starts a Redis that stops with the test. A machine that has none and cannot get one fails the test. */
export async function startRedis (t: Pick<TestContext, 'after'>, ...options: string[]): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const socket = join(folder, 'redis.sock')
  let server = await run(socket, folder, options)
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await new Promise<void>(resolve => { server.once('exit', () => resolve()) })
  }
  t.after(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    url: `unix://${socket}`,
    kill,
    async command (...args) {
      const client = createClient({ url: `unix://${socket}` })
      await client.connect()
      try {
        return await client.sendCommand(args)
      } finally {
        client.destroy()
      }
    },
    async restart () {
      await kill()
      server = await run(socket, folder, options)
    },
    freeze: () => { server.kill('SIGSTOP') },
    thaw: () => { server.kill('SIGCONT') }
  }
}

async function run (socket: string, folder: string, options: readonly string[]): Promise<ChildProcess> {
  rmSync(socket, { force: true })
  const { file, libraries } = executable()
  const server = spawn(file, ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter) }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`redis-server ended with ${code}`)))
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('eady to accept connections')) resolve()
    })
  })
  await new Promise<void>((resolve, reject) => {
    const probe = connect(socket, () => { probe.destroy(); resolve() }).once('error', reject)
  })
  return server
}

/** Debian's package and what it needs beside the C library. */
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblua5.1-0', 'liblzf1', 'lua-bitop', 'lua-cjson', 'libatomic1']
const cache = fileURLToPath(new URL('../../node_modules/.cache/redis', import.meta.url))

let found: { readonly file: string, readonly libraries: string } | undefined

/** `redis-server` of the path, or that of the package, unpacked beside the other dependencies. */
function executable (): NonNullable<typeof found> {
  return found ??= onPath() ?? unpacked() ?? download()
}

function onPath (): typeof found {
  const file = (process.env['PATH'] ?? '').split(delimiter).flatMap(folder => [
    'redis-server',
    'valkey-server'
  ].map(name => join(folder, name))).find(existsSync)
  return file === undefined ? undefined : { file, libraries: '' }
}

function unpacked (): typeof found {
  const file = join(cache, 'usr/bin/redis-server')
  if (!existsSync(file)) return undefined
  // One folder for the architecture of the machine.
  const libraries = readdirSync(join(cache, 'usr/lib')).map(name => join(cache, 'usr/lib', name)).join(delimiter)
  return { file, libraries }
}

function download (): NonNullable<typeof found> {
  mkdirSync(dirname(cache), { recursive: true })
  // Beside the place, and then there at once: another test may be doing the same.
  const folder = mkdtempSync(`${cache}-`)
  try {
    execFileSync('apt-get', ['download', ...packages], { cwd: folder, stdio: 'pipe' })
    for (const name of readdirSync(folder).filter(entry => entry.endsWith('.deb'))) {
      execFileSync('dpkg', ['-x', name, '.'], { cwd: folder, stdio: 'pipe' })
    }
    renameSync(folder, cache)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    if (!existsSync(cache)) throw new Error('these tests need a redis-server: install one, or let apt-get download it', { cause: error })
  }
  return unpacked()!
}
