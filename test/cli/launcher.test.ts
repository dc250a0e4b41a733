import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { suite, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { refusal, runsTypeScript } from '../../bin/runtime.mjs'

const bin = fileURLToPath(new URL('../../bin', import.meta.url))

/** Stands for src/main.ts: says who runs it, repeats signals, ends with status 7 on SIGTERM and by a signal of its own on SIGHUP. */
const main = `
const args: string[] = process.argv.slice(2)
for (const signal of ['SIGINT', 'SIGUSR2', 'SIGQUIT']) process.on(signal, () => console.log(signal))
process.on('SIGHUP', () => process.kill(process.pid, 'SIGKILL'))
process.on('SIGTERM', () => process.exit(7))
console.log(JSON.stringify({ node: process.versions.node, args }))
setInterval(() => {}, 1000)
`

/** Makes the Node that loads it, but not the one it starts, believe that it is old. */
const pretendOld = `
if (process.env.PRETEND_OLD) {
  delete process.env.PRETEND_OLD
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })
}
`

interface Runner { readonly what: string, readonly node: string, readonly pretend: boolean }

/** The test's own Node pretending to be old, and a really old one where the machine has one. */
function oldNodes (): Runner[] {
  const found = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin')
    .map(folder => join(folder, 'node'))
    .filter(file => existsSync(file))
  const versions = found.map(node => ({ node, version: execFileSync(node, ['-p', 'process.versions.node']).toString().trim() }))
  const old = versions.find(({ version }) => !runsTypeScript(version))
  const pretending = { what: 'a Node that says it is 20.20.2', node: process.execPath, pretend: true }
  return old === undefined ? [pretending] : [
    pretending,
    { what: `the Node ${old.version} of this machine`, node: old.node, pretend: false }
  ]
}

/** A package root with the launcher, a main.ts and, where wanted, a file in the place of the Node that npm brings. */
function packageRoot (t: TestContext, bundled?: (place: string) => void): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'onedoor-launcher-')))
  t.after(() => rmSync(root, { recursive: true }))
  cpSync(bin, join(root, 'bin'), { recursive: true })
  mkdirSync(join(root, 'src'))
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(join(root, 'src/main.ts'), main)
  writeFileSync(join(root, 'pretend-old.cjs'), pretendOld)
  bundled?.(join(root, 'node_modules/node/bin/node'))
  return root
}

function launch (
  t: TestContext,
  root: string,
  { node, pretend }: Runner,
  ...args: string[]
): ChildProcessByStdio<null, Readable, Readable> {
  const preload = pretend ? ['--require', join(root, 'pretend-old.cjs')] : []
  const env = pretend ? { ...process.env, PRETEND_OLD: '1' } : process.env
  const child = spawn(node, [...preload, join(root, 'bin/onedoor.mjs'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGTERM'))
  return child
}

/** A script that becomes the Node of this test: another file than process.execPath, as the one that npm brings is. */
function script (place: string): void {
  writeFileSync(place, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`)
  chmodSync(place, 0o755)
}

suite('the launcher', () => {
  test('Node 22.18 is the first that is new enough', () => {
    const versions = [
      '12.22.12', '18.20.8', '20.20.2', '21.7.3', '22.6.0', '22.17.1', '22.18.0', '22.19.0', '23.0.0', '24.21.0',
      '26.0.0-nightly'
    ]
    assert.equal(versions.find(runsTypeScript), '22.18.0')
    assert.deepEqual(versions.filter(runsTypeScript), versions.slice(6))
  })

  test('the refusal says what is needed, what there is and what to do', () => {
    assert.equal(refusal('12.22.12', '/srv/door'), [
      'onedoor needs Node 22.18 or newer, and this is Node 12.22.12.',
      'Run `npm ci` in /srv/door (it brings a Node of its own), or install Node 24.',
      ''
    ].join('\n'))
  })

  test('a Node that is new enough runs the gateway itself', async t => {
    const root = packageRoot(t)
    const child = launch(t, root, { what: 'this Node', node: process.execPath, pretend: false }, 'check', '--json')
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    assert.deepEqual(JSON.parse((await lines.next()).value as string), { node: process.versions.node, args: ['check', '--json'] })
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [7, null])
  })

  test('a gateway that fails to load ends with status 1 and its reason', async t => {
    const root = packageRoot(t)
    writeFileSync(join(root, 'src/main.ts'), 'throw new Error("out of cheese")')
    const child = launch(t, root, { what: 'this Node', node: process.execPath, pretend: false })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    assert.equal(code, 1)
    assert.match(said, /out of cheese/)
  })

  for (const runner of oldNodes()) {
    test(`${runner.what} hands arguments, signals and the exit status to the Node beside it`, async t => {
      const child = launch(t, packageRoot(t, script), runner, 'start', '-c', 'a b.yaml')
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      assert.deepEqual(JSON.parse((await lines.next()).value as string), { node: process.versions.node, args: ['start', '-c', 'a b.yaml'] })
      const ended = once(child, 'exit')
      child.kill('SIGUSR2')
      assert.equal((await lines.next()).value, 'SIGUSR2')
      child.kill('SIGTERM')
      assert.deepEqual(await ended, [7, null])
    })

    test(`${runner.what} dies by the signal that the Node beside it died by`, async t => {
      const child = launch(t, packageRoot(t, script), runner)
      await once(child.stdout, 'data')
      const ended = once(child, 'exit')
      child.kill('SIGHUP')
      assert.deepEqual(await ended, [null, 'SIGKILL'])
    })

    for (const [beside, bundled] of [
      ['without a Node beside it', undefined],
      ['beside a Node for another system', (place: string) => writeFileSync(place, '#!/nowhere/ld-linux.so\n', { mode: 0o755 })],
      ['that is itself the Node beside it', (place: string) => symlinkSync(runner.node, place)]
    ] as const) {
      test(`${runner.what} ${beside} says what to do and ends with status 1`, async t => {
        const root = packageRoot(t, bundled)
        const child = launch(t, root, runner)
        const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
        assert.equal(code, 1)
        assert.match(said, /^onedoor needs Node 22\.18 or newer, and this is Node \d+\.\d+\.\d+\.\n/)
        assert.ok(said.includes(`npm ci\` in ${root}`))
      })
    }
  }
})
