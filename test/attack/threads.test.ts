/** Attacks on a gateway with two threads: framing, where one thread must not be harmed by what another one was sent. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchGateway } from '../cli/running.ts'
import { framing } from './cases/framing.ts'
import { openDoor } from './doors.ts'
import { Recorder } from './recorder.ts'
import { run } from './run.ts'

test('attacks: framing, with two threads', async t => {
  const recorder = new Recorder()
  const port = await recorder.start()
  const gateway = await launchGateway(t, `server: { host: 127.0.0.1, port: 0, threads: 2 }
admin: { port: 0 }
accessLog: { enabled: false }
${openDoor(`http://127.0.0.1:${port}`)}`)
  const bench = { url: gateway.proxy, recorder, patience: 8000 }
  const found: string[] = []
  for (const attack of framing.attacks) {
    for (const { kind, what } of await run(bench, attack)) found.push(`${attack.name}: ${kind}: ${what}`)
  }
  gateway.child.kill('SIGTERM')
  assert.deepEqual(await gateway.ended, [0, null])
  await recorder.close()
  assert.deepEqual(found, [])
})
