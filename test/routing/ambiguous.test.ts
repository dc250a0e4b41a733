/** A path that could be that of another route is refused, also where it could be so in more ways than can be tried. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'

test('a path is rejected if another interpretation matches another route, or if it has too many; any length passes', async t => {
  const { url } = await startGateway(t, `
routes:
  - { path: /*, respond: { text: open } }
  - { path: /admin/*, respond: { text: guarded } }
`)
  const statuses = async (paths: readonly string[]) => await Promise.all(paths.map(async path => (await send(url, path)).status))
  const many = '/a%252f;b%3bc%2fd.%20/'
  assert.deepEqual(
    await statuses(['/%2561dmin/x', '/admin%20/x', `/x${many.repeat(100)}admin`, `${many.repeat(100)}/x`]),
    [400, 400, 400, 400]
  )
  assert.deepEqual(
    await statuses([`/x${many}`, `/x//y/${'a'.repeat(7000)}`, `/${'a.b/'.repeat(1500)}`, `/${'%C3%A9'.repeat(1000)}`]),
    [200, 200, 200, 200]
  )
})
