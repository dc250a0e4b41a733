/** `onedoor init`: writes a first gateway.yaml, or a first plugin. */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Arguments } from './command.ts'
import { firstConfiguration, firstPlugin } from './first-files.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'
import { UsageError } from './usage-error.ts'

export async function init (args: Arguments, io: Io): Promise<number> {
  const [what, name] = args.positionals
  if (what === undefined) return await initConfiguration(args, io)
  if (what !== 'plugin') throw new UsageError(`"${what}" cannot be created`, 'onedoor init, or onedoor init plugin NAME')
  if (name === undefined) throw new UsageError('the plugin needs a name: onedoor init plugin stamp')
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a plugin`, 'small letters, digits and dashes, such as stamp')
  }
  return await initPlugin(name, args, io)
}

async function initConfiguration (args: Arguments, io: Io): Promise<number> {
  if (!await write('gateway.yaml', firstConfiguration, args, io)) return exit.problem
  io.stdout.write([
    'next:',
    '  onedoor check                          check the configuration',
    '  onedoor                                start it; saved changes take effect at once',
    '  curl -i http://localhost:8080/hello    send a request',
    '  onedoor explain GET /api/users         see how a request would be handled, and why',
    ''
  ].join('\n'))
  return exit.ok
}

async function initPlugin (name: string, args: Arguments, io: Io): Promise<number> {
  const file = `plugins/${name}.ts`
  if (!await write(file, firstPlugin(name), args, io)) return exit.problem
  io.stdout.write([
    'next: name it in gateway.yaml, and list the name on a route',
    '  policies:',
    `    ${name}: { plugin: ./${file}, header: x-${name} }`,
    '  routes:',
    '    - path: /hello',
    `      policies: [${name}]`,
    ''
  ].join('\n'))
  return exit.ok
}

/** Writes a file. Returns whether it was written: an existing file is kept unless `--force` is given. */
async function write (file: string, text: string, args: Arguments, io: Io): Promise<boolean> {
  const path = join(io.cwd, file)
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, text, { flag: args.has('force') ? 'w' : 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    io.stderr.write(`${paintOf(io.stderr, io).red('onedoor:')} ${file} already exists — --force replaces it\n`)
    return false
  }
  io.stdout.write(`written: ${file}\n`)
  return true
}
