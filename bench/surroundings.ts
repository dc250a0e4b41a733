/** What stands around the contenders of a scenario: the target, the collector of traces, folders and ports. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mint } from '../plugins/policies/jwt-auth/mint.ts'
import { certificate, privateKey } from '../test/health-checks/certificate.ts'
import type { Launch } from './contender.ts'
import { onPath } from './contenders.ts'
import { nginxTarget } from './contenders/nginx.ts'
import { freePort, type Place } from './place.ts'
import type { Cores } from './proc.ts'
import { processTree } from './process-tree.ts'
import { start, type Running } from './running.ts'
import type { Load } from './scenario.ts'

const secret = 'a-secret-of-the-benchmark-that-is-long-enough'

/** Target and collector, both on the core of the load. */
export class Surroundings {
  readonly folder: string
  readonly token: string
  readonly #fixed: Omit<Place, 'folder' | 'port' | 'adminPort'>
  readonly #running: readonly Running[]
  #places = 0

  private constructor (folder: string, fixed: Omit<Place, 'folder' | 'port' | 'adminPort'>, running: readonly Running[]) {
    this.folder = folder
    this.#fixed = fixed
    this.#running = running
    this.token = mint({ secret }, { sub: 'user-42', expiresIn: 86_400_000, now: Date.now() })
  }

  /** Starts the targets of a load. */
  static async open (load: Load, core: Cores): Promise<Surroundings> {
    const folder = mkdtempSync(join(tmpdir(), 'onedoor-bench-'))
    // The workers of nginx run as another user when root starts it.
    chmodSync(folder, 0o755)
    const inside = (name: string): string => {
      mkdirSync(join(folder, name))
      return join(folder, name)
    }
    const own = { certificate: join(folder, 'target.pem'), key: join(folder, 'target-key.pem') }
    writeFileSync(own.certificate, certificate)
    writeFileSync(own.key, privateKey, { mode: 0o600 })
    const [certificateFile, keyFile] = load.tls ? [own.certificate, own.key] : []
    const http2Target = await freePort()
    const targets = [await freePort(), await freePort()] as const
    const collector = await freePort()
    const target = { folder: inside('target'), targets, http2Target, certificate: certificateFile, load }
    const running = [await start(launchOf(target, keyFile), target.folder, core, targets[0])]
    running.push(await start(
      { command: process.execPath, args: [script('collector.ts'), String(collector)] },
      inside('collector'),
      core,
      collector
    ))
    return new Surroundings(folder, { targets, http2Target, own, certificate: certificateFile, collector, secret, load }, running)
  }

  /** The processes of targets and collector. */
  get pids (): number[] {
    return this.#running.flatMap(({ pid }) => processTree(pid))
  }

  /** A fresh folder and fresh ports for a contender. */
  async place (load: Load): Promise<Place> {
    const folder = join(this.folder, String(this.#places++))
    mkdirSync(folder)
    return { ...this.#fixed, folder, load, port: await freePort(), adminPort: await freePort() }
  }

  /** Ends everything and takes the files away. */
  async close (): Promise<void> {
    for (const each of this.#running) await each.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function launchOf (target: Parameters<typeof nginxTarget>[0], key: string | undefined): Launch {
  if (onPath('nginx')) return nginxTarget(target, key)
  const settings = { ports: target.targets, answer: target.load.answer, certificate: target.certificate, key }
  return { command: process.execPath, args: [script('plain-target.ts'), JSON.stringify(settings)] }
}

function script (name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
