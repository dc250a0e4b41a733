/** On what was measured: figures without it mean nothing. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { onPath } from './contenders.ts'
import { peersFolder } from './contenders/peers.ts'

const programs: readonly (readonly [string, readonly string[]])[] = [
  ['nginx', ['-v']],
  ['haproxy', ['-v']],
  ['caddy', ['version']],
  ['wrk', ['-v']]
]

/** Name and version of everything that takes part, machine included. */
export function machine (): Record<string, string> {
  const found: Record<string, string> = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    node: process.versions.node,
    onedoor: packageJson.version
  }
  for (const [program, args] of programs) if (onPath(program)) found[program] = versionOf(program, args)
  const { dependencies } = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  return { ...found, ...dependencies }
}

/** The first thing in its output that looks like a version; some write it to standard error, wrk with status 1. */
function versionOf (program: string, args: readonly string[]): string {
  const text = execFileSync('sh', ['-c', '"$@" 2>&1 || true', 'sh', program, ...args], { encoding: 'utf8' })
  return /\d+\.\d+[\w.+-]*/.exec(text)?.[0] ?? 'unknown'
}
