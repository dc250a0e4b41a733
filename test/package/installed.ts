/** The packed package, installed into a folder without the network. */

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

export interface Installed {
  /** The folder of the project that has it. */
  readonly project: string
  /** The folder of the package. */
  readonly package: string
  /** Runs a program of `node_modules/.bin`, or of the PATH, in the project. Rejects when it fails. */
  readonly run: (program: string, ...args: string[]) => Promise<{ stdout: string, stderr: string }>
  readonly remove: () => void
}

/** Packs the package as `npm pack` does and unpacks it beside links to its dependencies, and to no others. */
export async function install (more: readonly string[] = []): Promise<Installed> {
  const project = mkdtempSync(join(tmpdir(), 'onedoor-package-'))
  const modules = join(project, 'node_modules')
  const own = join(modules, 'onedoor')
  mkdirSync(own, { recursive: true })
  const { stdout } = await run('npm', ['pack', '--pack-destination', project, '--silent'], { cwd: root })
  await run('tar', ['-xzf', join(project, stdout.trim().split('\n').at(-1)!), '--strip-components=1', '-C', own])
  const { dependencies } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as { dependencies: object }
  for (const name of [...Object.keys(dependencies), ...more]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  mkdirSync(join(modules, '.bin'))
  symlinkSync('../onedoor/bin/onedoor.mjs', join(modules, '.bin/onedoor'))
  // Without the context of this test run: `node --test` inside of another runs nothing.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const env = { ...inherited, PATH: [join(modules, '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter) }
  return {
    project,
    package: own,
    run: async (program, ...args) => await run(program, args, { cwd: project, env }),
    remove: () => rmSync(project, { recursive: true, force: true })
  }
}
