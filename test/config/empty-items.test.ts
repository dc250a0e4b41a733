/** Files with something left out or run together, as `onedoor check` and a running gateway meet them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLine } from '../cli/captured.ts'
import { startGateway } from '../helpers/gateway.ts'

const respond = 'routes:\n  - path: /\n    respond: {}\n'
const target = 'routes:\n  - path: /\n    target: http://127.0.0.1:1\n'

const files = [
  ['an item of nothing in routes', 'routes:\n  -\n', 'gateway.yaml:2:3  expected a mapping, got nothing'],
  [
    'nothing in upstreams',
    `upstreams:\n${target}`,
    'gateway.yaml:1:1  expected a mapping, got nothing — write its keys below it, indented, or {} for the defaults'
  ],
  [
    'a name for a network',
    `server: { trustProxy: [traefik] }\n${respond}`,
    'gateway.yaml:1:24  "traefik" is not a network: expected an address, an address/prefix, loopback, private or unix'
  ],
  [
    'a list of networks in one text',
    `server: { trustProxy: "10.0.0.0/8,127.0.0.1" }\n${respond}`,
    'gateway.yaml:1:23  expected a list, got "10.0.0.0/8,127.0.0.1" — write a list: ["10.0.0.0/8", "127.0.0.1"]'
  ],
  [
    'a list of networks in one item',
    `server: { trustProxy: ["10.0.0.0/8,127.0.0.1"] }\n${respond}`,
    'gateway.yaml:1:24  "10.0.0.0/8,127.0.0.1" is not a network: expected an address, an address/prefix, loopback, private ' +
      'or unix — write each of them as an item of its own'
  ]
] as const

for (const [what, yaml, wanted] of files) {
  test(`${what} is told by \`check\`, without a stack`, async t => {
    const { status, stdout, stderr } = await commandLine(t, { files: { 'gateway.yaml': yaml } }).onedoor('check')
    assert.deepEqual([status, stdout], [1, ''])
    assert.ok(stderr.includes(wanted), stderr)
    assert.doesNotMatch(stderr, /Error|\bat .*:\d+:\d+/)
  })
}

test('a reload of such a file is refused with the same words, and what was in force stays', async t => {
  const { gateway, url, write, file } = await startGateway(t, respond)
  for (const [, yaml] of files.filter(([, yaml]) => !yaml.startsWith('server'))) {
    write(yaml)
    const { ok, problems } = await gateway.reload('test')
    assert.equal(ok, false)
    assert.ok(problems.length > 0 && problems.every(problem => problem.startsWith(`${file}:`)), problems.join('\n'))
    assert.equal((await fetch(url)).status, 200)
  }
})
