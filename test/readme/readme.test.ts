/** The commands of README.md and docs/ print what the pages say, and the plugin of README.md works. */

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test, { type TestContext } from 'node:test'
import { run } from '../../src/cli/run.ts'
import { startProject } from '../extending/project.ts'
import { freePort } from '../helpers/target.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const readme = read('README.md')

/** Code blocks of a page in one language. */
function blocks (page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!)
}

/** What `npm start` runs, on free ports; resolves when it serves. */
async function startGateway (t: TestContext): Promise<{ env: NodeJS.ProcessEnv, moved: (text: string) => string }> {
  const names = { 8080: 'PORT', 9901: 'ADMIN_PORT', 9001: 'USERS_1_PORT', 9002: 'USERS_2_PORT', 9003: 'ORDERS_PORT' }
  const ports = new Map<string, number>()
  for (const port of Object.keys(names)) ports.set(port, await freePort())
  const url = (port: number): string => `http://127.0.0.1:${ports.get(String(port))}`
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(names).map(([port, name]) => [name, String(ports.get(port))])),
    USERS_1_URL: url(9001),
    USERS_2_URL: url(9002),
    ORDERS_URL: url(9003)
  }
  const child = spawn(process.execPath, ['bin/onedoor.mjs', 'start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  let started = false
  for await (const line of createInterface({ input: child.stdout })) {
    started = line.includes('gateway started')
    if (started) break
  }
  assert.ok(started, 'the gateway did not start')
  child.stdout.resume()
  return { env, moved: text => text.replace(/(?<=:)(?:8080|9901|900[123])\b/g, port => String(ports.get(port))) }
}

/** Runs a command of a page. `npx onedoor` alone runs in this process, and within another command without npm: starting both takes long. */
async function outputOf (command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const bash = async (script: string): Promise<string> => (await promisify(execFile)('bash', ['-c', script], { cwd: root, env })).stdout
  const words = /^npx onedoor ([^|$]*)$/.exec(command)?.[1]
  if (words === undefined) return await bash(`npx () { '${process.execPath}' "$PWD/bin/$1.mjs" "\${@:2}"; }\n${command}`)
  const argv = (await bash(`printf '%s\\n' ${words}`)).trimEnd().split('\n')
  let text = ''
  const stdout = { write: (more: string) => { text += more }, isTTY: false }
  const status = await run(argv, { stdin: Readable.from([]), stdout, stderr: process.stderr, env, cwd: root })
  assert.equal(status, 0, command)
  return text
}

/** Whether the lines are those that are shown: `…` stands for anything in a line, and alone for any lines. */
function fits (lines: readonly string[], shown: readonly string[]): boolean {
  const escaped = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = shown.map(line => line === '…' ? '(?:[^\\n]*\\n)*?' : `${line.split('…').map(escaped).join('[^\\n]*')}\\n`)
  return new RegExp(`^${pattern.join('')}$`).test(lines.map(line => `${line}\n`).join(''))
}

/** A blank line says where a head or a paragraph ends, which no reader misses. */
const spoken = (text: string): string[] => text.split(/\r?\n/).filter(line => line !== '')

test('every command of README.md and of the pages in docs prints what is shown below it', async t => {
  const { env, moved } = await startGateway(t)
  for (const file of ['README.md', ...globSync('docs/**/*.md', { cwd: root }).toSorted()]) {
    for (const block of blocks(read(file), 'console')) {
      const [first, ...rest] = moved(block).split('\n')
      const command = first!.replace(/^\$ /, '')
      const output = spoken(rest.join('\n'))
      const stdout = await outputOf(command, env)
      assert.ok(fits(spoken(stdout), output), `${file}: ${command}\n\nprints\n\n${stdout}\n\nand not\n\n${output.join('\n')}`)
    }
  }
})

test('the first block of the page has the command that runs the gateway and the one that runs its tests, as in `.ci/run`', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const commands = blocks(readme, 'sh')[0]!.split('\n').filter(line => line !== '').map(line => line.replace(/ +#.*/, ''))
  assert.deepEqual(commands, ['npm ci', 'npm start', 'npm test'])
  assert.equal(scripts['start'], 'node bin/onedoor.mjs start')
  assert.equal(scripts['test'], 'node test/run.ts')
  assert.ok(read('.ci/run').split('\n').includes('npm test'))
})

test('the plugin of README.md works, and so does the line of YAML above it', async t => {
  const [plugin] = blocks(readme, 'ts')
  const policies = /used in gateway\.yaml as +(.*)$/m.exec(plugin!)![1]!
  const { url } = await startProject(
    t,
    `${policies}\nroutes: [{ path: /hello, respond: { text: hi }, policies: [stamped] }]\n`,
    { 'plugins/stamp.ts': plugin! }
  )
  assert.equal((await fetch(`${url}/hello`)).headers.get('x-door'), '/hello')
})
