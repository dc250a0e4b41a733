import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { suite, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder } from '../config/folder.ts'
import { withFreePorts } from './running.ts'

const bin = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

/** A project that has the gateway, whose `npm start` runs `script`. */
function project (t: TestContext, script: string): string {
  const cwd = folder(t, {
    'package.json': JSON.stringify({ private: true, scripts: { start: script } }),
    'gateway.yaml': withFreePorts('routes: [{ path: /, respond: {} }]\n')
  })
  mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true })
  symlinkSync(bin, join(cwd, 'node_modules/.bin/onedoor'))
  return cwd
}

suite('a gateway that npm has started', () => {
  for (const [command, script] of [
    [['npm', 'start', '--silent'], 'onedoor start'],
    [['npm', 'start', '--silent'], 'true && onedoor'],
    [['npx', 'onedoor', 'start'], '']
  ] as const) {
    test(`as \`${command.join(' ')}\`${script === '' ? '' : ` for "${script}"`} ends in order with it`, async t => {
      const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter)
      const [program, ...args] = command
      const npm = spawn(program, args, { cwd: project(t, script), env: { ...process.env, PATH }, stdio: ['ignore', 'pipe', 'inherit'] })
      t.after(() => npm.kill('SIGKILL'))
      const ended = once(npm, 'exit')
      const messages: string[] = []
      // The gateway inherits the pipe, so the loop ends when it has ended, too.
      for await (const line of createInterface({ input: npm.stdout })) {
        const { msg } = JSON.parse(line) as { msg: string }
        messages.push(msg)
        if (msg === 'gateway started') npm.kill('SIGTERM')
      }
      await ended
      assert.equal(messages.at(-1), 'shutdown complete')
    })
  }
})
