import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

suite('a stand-in service as a process of its own', () => {
  for (const [file, signal] of [['users', 'SIGTERM'], ['orders', 'SIGINT']] as const) {
    test(`${file} runs with nothing but mocks/ and package.json beside it, and ends cleanly on ${signal}`, async t => {
      const folder = mkdtempSync(join(tmpdir(), 'onedoor-mocks-'))
      t.after(() => rmSync(folder, { recursive: true }))
      for (const name of ['mocks', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true })

      // Node 22 still calls type stripping an experiment.
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', `mocks/${file}.ts`],
        { cwd: folder, env: { PORT: '0', NAME: `${file}-7` } }
      )
      t.after(() => child.kill('SIGKILL'))
      const errors = text(child.stderr)
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const first = JSON.parse((await lines.next()).value as string) as { service: string, message: string, url: string }
      assert.equal(first.service, `${file}-7`)
      assert.equal(first.message, 'listening')

      const response = await fetch(`${first.url}/echo`)
      assert.equal(response.headers.get('x-served-by'), `${file}-7`)
      await response.text()
      const second = JSON.parse((await lines.next()).value as string) as { url: string, status: number }
      assert.deepEqual([second.url, second.status], ['/echo', 200])

      const ended = once(child, 'exit')
      child.kill(signal)
      assert.deepEqual(await ended, [0, null])
      assert.equal(await errors, '')
    })
  }
})
