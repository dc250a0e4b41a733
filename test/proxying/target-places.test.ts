/** A target that is none is shown where its URL stands, once. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { folder } from '../config/folder.ts'

for (const [form, entry, column] of [
  ['a target that is a text', '"http://u:p@127.0.0.1:1"', 17],
  ['a target with a weight', '{ url: "http://u:p@127.0.0.1:1", weight: 2 }', 24],
  ['no URL at all in a target with a weight', '{ url: nowhere, weight: 2 }', 24]
] as const) {
  test(`${form} is shown where its URL stands, once`, async t => {
    const path = join(folder(t, {}), 'gateway.yaml')
    writeFileSync(path, `upstreams:\n  users:\n    targets: [  ${entry}]\nroutes:\n  - { path: /users, upstream: users }\n`)
    const refusal = await loadConfig(path, { env: {}, rootPlugins }).then(() => undefined, (error: unknown) => error)
    assert.ok(refusal instanceof ConfigRefused)
    assert.deepEqual(refusal.problems.map(({ position }) => [position?.line, position?.column]), [[3, column]])
  })
}

for (const url of ['http://127.0.0.1:1/#x', 'http://127.0.0.1:1/?x', 'http://u@127.0.0.1:1']) {
  test(`the target ${url} of a route is refused where it stands, once`, async t => {
    const path = join(folder(t, {}), 'gateway.yaml')
    writeFileSync(path, `routes:\n  - { path: /users, target: "${url}" }\n`)
    const refusal = await loadConfig(path, { env: {}, rootPlugins }).then(() => undefined, (error: unknown) => error)
    assert.ok(refusal instanceof ConfigRefused)
    assert.deepEqual(refusal.problems.map(({ position }) => [position?.line, position?.column]), [[2, 29]])
  })
}
