/** A real Prometheus and its promtool for tests: found on this machine, or taken from Debian's package without installing anything. */

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './target.ts'

/** One series of the answer to a query. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

export interface TestPrometheus {
  /** Asks its HTTP API. A query that it refuses rejects. */
  query (query: string): Promise<readonly Series[]>
  /** The series that have exemplars. */
  exemplars (query: string): Promise<readonly { readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>> }[] }[]>
  /** Asks until the response has a series. */
  until (query: string): Promise<readonly Series[]>
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/prometheus', import.meta.url))

/** Starts a Prometheus with a configuration; it stops with the test. A machine that has none and cannot get one fails the test. */
export async function startPrometheus (t: TestContext, configuration: string): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
  const file = join(folder, 'prometheus.yml')
  writeFileSync(file, configuration)
  const url = `http://127.0.0.1:${await freePort()}`
  const server = spawn(
    program('prometheus'),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${new URL(url).host}`,
      '--enable-feature=exemplar-storage'
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  )
  const ended = new Promise<void>(resolve => { server.once('exit', () => resolve()) })
  t.after(async () => {
    server.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`prometheus ended with ${code}: ${said}`)))
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('ready to receive web requests')) resolve()
    })
  })
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await (await fetch(`${url}/api/v1/${path}`)).json() as { status: string, error?: string, data: T }
    if (answer.status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${answer.error}`)
    return answer.data
  }
  const query = async (text: string): Promise<readonly Series[]> => (await ask<{
    result: Series[]
  }>(`query?query=${encodeURIComponent(text)}`)).result
  return {
    query,
    exemplars: async text => await ask(
      `query_exemplars?query=${encodeURIComponent(text)}&start=${Date.now() / 1000 - 3600}&end=${Date.now() / 1000 + 60}`
    ),
    async until (text) {
      for (;;) {
        const found = await query(text)
        if (found.length > 0) return found
        await pause(50)
      }
    }
  }
}

/** Runs promtool; what it says, where it is content. */
export function promtool (args: readonly string[], input = ''): string {
  return execFileSync(program('promtool'), args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
}

/** A program of the path, or that of the package, unpacked beside the other dependencies. */
function program (name: string): string {
  const found = (process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, name)).find(existsSync)
  if (found !== undefined) return found
  const file = join(cache, 'usr/bin', name)
  if (!existsSync(file)) download()
  return file
}

function download (): void {
  mkdirSync(dirname(cache), { recursive: true })
  // Beside the place, and then there at once: another test may be doing the same.
  const folder = mkdtempSync(`${cache}-`)
  try {
    execFileSync('apt-get', ['download', 'prometheus'], { cwd: folder, stdio: 'pipe' })
    for (const name of readdirSync(folder).filter(entry => entry.endsWith('.deb'))) {
      execFileSync('dpkg', ['-x', name, '.'], { cwd: folder, stdio: 'pipe' })
    }
    renameSync(folder, cache)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    if (!existsSync(cache)) {
      throw new Error('these tests need prometheus and promtool: install them, or let apt-get download the package', { cause: error })
    }
  }
}
