/** The gateway that attacks are run against, and the test that runs them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import type { Theme } from './case.ts'
import { Recorder } from './recorder.ts'
import { run } from './run.ts'

/** How long the tests wait for what should come at once: only a failure takes that long. */
const patience = 8000

/** One connection to the service: whatever an attack leaves on it, the next request would get. */
export const upstream = (url: string): string => `upstreams:
  service:
    targets: ["${url}"]
    timeouts: { connect: 2s, response: 500ms, idle: 500ms, total: 2s }
    retry: { attempts: 1 }
    connections: { max: 1 }
`

/** Everything goes to one service. */
export const openDoor = (url: string): string => `${upstream(url)}routes:\n  - { path: /*, upstream: service }\n`

/** A test that runs the attacks of a theme one after another against one gateway; `file` is its configuration. */
export function attackTest (
  { name, attacks }: Theme,
  file: (url: string) => string = openDoor,
  aim: (gateway: TestGateway) => string = ({ url }) => url
): void {
  test(`attacks: ${name}`, async t => {
    const recorder = new Recorder()
    const port = await recorder.start()
    t.after(async () => await recorder.close())
    const gateway = await startGateway(t, file(`http://127.0.0.1:${port}`))
    const bench = { url: gateway.url, aim: aim(gateway), recorder, patience }
    assert.equal(new Set(attacks.map(attack => attack.name)).size, attacks.length, 'names are different')
    for (const attack of attacks) {
      await t.test(attack.name, async () => {
        assert.deepEqual((await run(bench, attack)).map(({ kind, what }) => `${kind}: ${what}`), [])
      })
    }
    await t.test('nothing of it is a fault of the gateway', () => {
      assert.deepEqual(gateway.logs.filter(({ level }) => level === 'error' || level === 'fatal'), [])
    })
  })
}
