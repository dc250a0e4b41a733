/** What outlives a generation keeps nothing of it: whatever a file uses, a generation that has ended can be collected. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { suite, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { features, filesOf } from '../helpers/features.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from '../helpers/target.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let next: Promise<void> | undefined

/** Collects all garbage in a moment, once for all that wait for it. */
async function collection (): Promise<void> {
  next ??= pause(10).then(() => {
    next = undefined
    collect()
  })
  await next
}

suite('an ended generation is collected', { concurrency: 8 }, () => {
  for (const [feature, yaml] of Object.entries(features)) {
    test(`with ${feature}`, async t => {
      const { url } = await startService(
        t,
        (_request, response) => { response.setHeader('content-type', 'application/json').end('{"keys":[]}') }
      )
      const files = {
        'seen.mjs': 'export default async function ({ gateway }) { if (!gateway.rehearsal) gateway.env.seen(gateway) }\n',
        ...filesOf(url)
      }
      let first: WeakRef<object> | undefined
      const seen = (gateway: object): void => { first ??= new WeakRef(gateway) }
      const door = await startGateway(t, `plugins: [./seen.mjs]\n${yaml(url)}`, { files, env: { seen: seen as never } })
      // Something else in it, or its validated form might be shared.
      writeFileSync(
        join(door.folder, 'gateway.yaml'),
        `server: { host: 127.0.0.1, port: 0, requireAuth: false }\nadmin: { port: 0 }\nplugins: [./seen.mjs]\n${yaml(url)}`
      )
      await door.gateway.explain({ method: 'GET', url: '/' })
      for (let reloads = 0; reloads < 2; reloads++) assert.deepEqual(await door.gateway.reload('test'), { ok: true, problems: [] })
      for (let tries = 0; first!.deref() !== undefined && tries < 100; tries++) await collection()
      assert.equal(first!.deref(), undefined)
    })
  }
})
