/** A file of targets includes nothing: its author must not read through it what only the gateway may read. */

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

for (const [what, yaml, place] of [
  ['an unknown key', 'targets: []\nother: 1\n', ':2:1  unknown key "other"'],
  ['a file without targets', 'x-mine: 1\n', ':1:1  missing key "targets"'],
  ['a target', 'targets:\n  - http://a.test\n  - b.test\n', ':3:5  no target']
] as const) {
  test(`what is wrong with ${what} is told with its place`, async t => {
    const file = join(folder(t, { 'targets.yaml': yaml }), 'targets.yaml')
    const problems = [{ severity: 'error', pointer: '/1', message: 'no target' }] as const
    const { members, failure } = await createFileResolver(file, () => ({ members: [], problems }))()
    assert.equal(members, undefined)
    assert.ok(failure?.startsWith(`${file}${place}`), failure)
  })
}

test('the list of a file is what is checked, beside keys of its own', async t => {
  const file = join(folder(t, { 'targets.yaml': 'x-mine: 1\ntargets: ["http://a.test"]\n' }), 'targets.yaml')
  const seen: unknown[] = []
  const members = [{ url: 'http://a.test', settings: {} }]
  const found = await createFileResolver(file, targets => {
    seen.push(targets)
    return { members, problems: [] }
  })()
  assert.deepEqual([seen, found], [[['http://a.test']], { members, failure: undefined }])
})
