/** Runs a command line in this process, in a temporary folder, and keeps what it writes. */

import { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { run } from '../../src/cli/run.ts'
import { folder } from '../config/folder.ts'

export interface Captured {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly terminal?: boolean
  /** What standard input has; nothing unless given. */
  readonly stdin?: string
}

/** A folder with files, and the command line in it. */
export function commandLine (t: TestContext, { files = {}, env = {}, terminal = false, stdin = '' }: Surroundings = {}): {
  readonly cwd: string,
  readonly onedoor: (...argv: string[]) => Promise<Captured>
} {
  const cwd = folder(t, files)
  return {
    cwd,
    onedoor: async (...argv) => {
      const written = { stdout: '', stderr: '' }
      const output = (name: keyof typeof written) => ({ write: (text: string) => { written[name] += text }, isTTY: terminal })
      const status = await run(argv, {
        stdin: Readable.from([Buffer.from(stdin)]),
        stdout: output('stdout'),
        stderr: output('stderr'),
        env,
        cwd
      })
      return { status, ...written }
    }
  }
}
