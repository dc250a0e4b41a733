/** examples/embedded-test and examples/beside-fastify run as they are. */

import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import './own-package.ts'
import { curl, curlCommands, fits } from '../examples/curl.ts'
import { eventually } from '../helpers/eventually.ts'

// Its tests are tests of this file.
await import('../../examples/embedded-test/gateway.test.ts')

const { start } = await import('../../examples/beside-fastify/app.ts')

test('beside-fastify: the program and the gateway serve together and close together', async t => {
  const { url, close } = await start({ port: 0, logger: false })
  t.after(close)
  const readme = readFileSync(new URL('../../examples/beside-fastify/README.md', import.meta.url), 'utf8')
  const commands = curlCommands(readme.replaceAll('```shell-session', '```console'))
  assert.equal(commands.length, 2)
  for (const { text, output } of commands) {
    const lines = await curl(text.replace('localhost:8080', url))
    for (const shown of output) {
      assert.ok(lines.some(line => fits(line, shown)), `${text}\nprints no line "${shown}", but\n${lines.join('\n')}`)
    }
  }
  assert.equal((await fetch(`${url}/users/1`, { headers: { 'x-api-key': 'key-of-bob' } })).status, 403)
  assert.equal((await fetch(`${url}/users/1`, { headers: { 'x-api-key': 'key-of-ada' } })).status, 200)
  await close()
  await assert.rejects(fetch(url))
})

test('beside-fastify: where the port is taken nothing stays open', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.after(() => { taken.close() })
  await new Promise(resolve => taken.once('listening', resolve))
  const open = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'TCPServerWrap').length
  // Node counts a handle that has been closed for a few turns of the event loop, also those of the test before.
  await eventually(() => open() === 1)
  await assert.rejects(start({ port: (taken.address() as { port: number }).port, logger: false }), { code: 'EADDRINUSE' })
  await eventually(() => open() === 1)
})
