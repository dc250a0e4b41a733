/** `onedoor init`: writes a first project, or a first plugin with its test. */

import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ownFile, version } from '../gateway/own-package.ts'
import type { Arguments } from './command.ts'
import { firstConfiguration, firstIgnores, firstPlugin, firstPluginTest, firstTest, firstTypeSettings } from './first-files.ts'
import { firstPackage } from './first-package.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'
import { UsageError } from './usage-error.ts'

/** Files that may have grown beyond the project are not replaced with `--force` either. */
const never: Pick<Arguments, 'has'> = { has: () => false }

export async function init (args: Arguments, io: Io): Promise<number> {
  const [what, name] = args.positionals
  if (what === undefined) return await initProject(args, io)
  if (what !== 'plugin') throw new UsageError(`"${what}" cannot be created`, 'onedoor init, or onedoor init plugin NAME')
  if (name === undefined) throw new UsageError('the plugin needs a name: onedoor init plugin stamp')
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a plugin`, 'small letters, digits and dashes, such as stamp')
  }
  return await initPlugin(name, args, io)
}

async function initProject (args: Arguments, io: Io): Promise<number> {
  if (!await write('gateway.yaml', firstConfiguration, args, io)) return exit.problem
  await add('gateway.schema.json', await readFile(new URL(ownFile('onedoor/schema.json')), 'utf8'), args, io)
  await add('test/gateway.test.ts', firstTest, args, io)
  await add('.gitignore', firstIgnores, never, io)
  await completePackage(io)
  io.stdout.write([
    'next:',
    '  npx onedoor check                        check the configuration',
    '  npm start                                start it; saved changes take effect at once',
    '  curl -i http://localhost:8080/hello      send a request',
    '  npx onedoor explain GET /api/users       see how a request would be handled, and why',
    '  npm test                                 run the first test',
    ''
  ].join('\n'))
  return exit.ok
}

async function initPlugin (name: string, args: Arguments, io: Io): Promise<number> {
  const file = `plugins/${name}.ts`
  if (!await write(file, firstPlugin(name), args, io)) return exit.problem
  await add(`test/${name}.test.ts`, firstPluginTest(name), args, io)
  await add('tsconfig.json', firstTypeSettings, never, io)
  io.stdout.write([
    'next: name it in gateway.yaml, and list the name on a route',
    '  policies:',
    `    ${name}: { plugin: ./${file}, header: x-${name} }`,
    '  routes:',
    '    - path: /hello',
    `      policies: [${name}]`,
    'its types: npm install --save-dev typescript @types/node, then npx tsc',
    ''
  ].join('\n'))
  return exit.ok
}

/** Writes a file. Returns whether it was written: an existing file is kept unless `--force` is given. */
async function write (file: string, text: string, args: Pick<Arguments, 'has'>, io: Io): Promise<boolean> {
  if (await add(file, text, args, io)) return true
  io.stderr.write(`${paintOf(io.stderr, io).red('onedoor:')} ${file} already exists — --force replaces it\n`)
  return false
}

/** Writes a file like `write`, and says nothing where it exists. */
async function add (file: string, text: string, args: Pick<Arguments, 'has'>, io: Io): Promise<boolean> {
  const path = join(io.cwd, file)
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, text, { flag: args.has('force') ? 'w' : 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
  io.stdout.write(`written: ${file}\n`)
  return true
}

/** Adds to package.json what it lacks. Never replaces it, because npm and the user write it too. */
async function completePackage (io: Io): Promise<void> {
  const path = join(io.cwd, 'package.json')
  const existing = existsSync(path) ? await readFile(path, 'utf8') : undefined
  let complete
  try {
    complete = firstPackage(version, existing)
  } catch {
    io.stderr.write(`${paintOf(io.stderr, io).yellow('onedoor:')} package.json is not JSON and stays as it is\n`)
    return
  }
  if (complete === existing) return
  await writeFile(path, complete)
  io.stdout.write(`${existing === undefined ? 'written' : 'completed'}: package.json\n`)
}
