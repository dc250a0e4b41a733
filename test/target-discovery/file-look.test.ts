/** A file of targets takes nothing in from elsewhere: whoever may write it must not read through it what the gateway may read. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createFileResolver } from '../../plugins/core/target-discovery/file-resolver.ts'
import { folder } from '../config/folder.ts'

for (const [what, yaml, place] of [
  ['a file', 'targets:\n  - url: "http://127.0.0.1:1/${file:./secret}"\n', '2:10  variables and files are not allowed in this file'],
  ['a variable', 'targets: ["http://${HOME}:1"]\n', '1:11  variables and files are not allowed in this file'],
  ['another file', 'include: [/etc/host*]\ntargets: []\n', '1:1  this file cannot include other files']
] as const) {
  test(`${what} is refused with its place, and is not read`, async t => {
    const file = join(folder(t, { 'targets.yaml': yaml, secret: 'canary' }), 'targets.yaml')
    const { failure } = await createFileResolver(file, () => ({ members: [], problems: [] }))()
    assert.ok(failure?.startsWith(`${file}:${place}`), failure)
    assert.doesNotMatch(failure ?? '', /canary/)
  })
}
