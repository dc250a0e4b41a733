/** A gateway in a process of its own, started as people start it. */

import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder } from '../config/folder.ts'

const bin = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

/** One line of its log. */
export type Line = Readonly<Record<string, unknown>>

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly cwd: string
  /** All that it writes to standard error, when it has ended. */
  readonly complaints: Promise<string>
  /** Status and signal, when it has ended. */
  readonly ended: Promise<[status: number | null, signal: string | null]>
  /** Replaces gateway.yaml. */
  readonly rewrite: (yaml: string) => void
  /** The next line of the log with this message. Lines before it are skipped. */
  readonly line: (message: string) => Promise<Line>
}

/** Starts the command line in a temporary folder with `files`. */
export function launch (t: Pick<TestContext, 'after'>, files: Readonly<Record<string, string>>, ...argv: string[]): Running {
  return launchInside(t, [], files, ...argv)
}

/** The same as the arguments of another command. */
export function launchInside (
  t: Pick<TestContext, 'after'>,
  outer: readonly string[],
  files: Readonly<Record<string, string>>,
  ...argv: string[]
): Running {
  const [command, ...rest] = [...outer, process.execPath, bin, ...argv]
  const cwd = folder(t, files)
  const { NO_COLOR: _, ONEDOOR_CONFIG: __, ...env } = process.env
  const child = spawn(command!, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    cwd,
    complaints: text(child.stderr),
    ended,
    rewrite: yaml => writeFileSync(join(cwd, 'gateway.yaml'), yaml),
    line: async message => {
      for (;;) {
        const { value, done } = await lines.next() as { value?: string, done?: boolean }
        if (done === true) throw new Error(`the process ended without the line "${message}"`)
        const line = JSON.parse(value!) as Line
        if (line['msg'] === message) return line
      }
    }
  }
}

/** Starts a gateway on `yaml` with free ports, and waits until it says that it has started. */
export async function launchGateway (
  t: Pick<TestContext, 'after'>,
  yaml: string,
  files: Readonly<Record<string, string>> = {}
): Promise<Running & { readonly started: Line, readonly proxy: string, readonly admin: string }> {
  const running = launch(t, { 'gateway.yaml': withFreePorts(yaml), ...files })
  const started = await running.line('gateway started')
  return { ...running, started, proxy: String(started['proxy']), admin: String(started['admin']) }
}

/** The same configuration on loopback, on ports that the system chooses. */
export function withFreePorts (yaml: string): string {
  return yaml.startsWith('server:') ? yaml : `server: { host: 127.0.0.1, port: 0 }\nadmin: { port: 0 }\n${yaml}`
}
