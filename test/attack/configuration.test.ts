/** Attacks in the file: an author of a part of the configuration must not be able to stop the gateway with it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { send } from '../helpers/client.ts'
import { startTarget } from '../helpers/target.ts'

const laughs = `x-a: &a [x, x, x, x, x, x, x, x, x, x]
${Array.from('bcdefghi', (name, index) => `x-${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(', ')}]`).join('\n')}
`
const route = (keys: string): string => `routes:\n  - { path: /a, respond: { status: 200 }, ${keys} }\n`

const attacks: readonly (readonly [name: string, yaml: string, message: RegExp])[] = [
  ['a billion laughs', laughs, /aliases/],
  ['more aliases than a person writes', `x-a: &a 1\nx-b: [${Array(200).fill('*a').join(', ')}]\n`, /alias/],
  ['an alias of itself', 'x-a: &a [*a]\n', /alias/],
  ['a mapping a thousand levels deep', `x-a: ${'{a: '.repeat(1000)}1${'}'.repeat(1000)}\n`, /deep/],
  ['a list a hundred thousand levels deep', `x-a: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, /deep/],
  ['a key that stands twice', 'routes: []\nroutes: []\n', /twice|duplicate|already/],
  ['a tag that makes functions', 'x-a: !!js/function "function () {}"\n', /tag|js\/function/],
  ['a tag that makes objects', 'x-a: !!python/object/apply:os.system ["id"]\n', /tag|python/],
  ['a tag of one\'s own', 'x-a: !include /etc/passwd\n', /tag|include/],
  ['__proto__ as a key', '__proto__: { admin: true }\n', /__proto__/],
  ['__proto__ as the name of an upstream', 'upstreams:\n  __proto__: { targets: [http://127.0.0.1:1] }\n', /__proto__/],
  ['constructor as the name of a policy', 'policies:\n  constructor: { plugin: rate-limiting, limit: 1/s }\n', /constructor/],
  ['prototype below a merge key', 'x-a: &a { prototype: 1 }\nx-b: { <<: *a }\n', /prototype/],
  ['a second document', 'routes: []\n---\nroutes: []\n', /document/],
  ['a regular expression of exponential cost', route('query: { q: { regex: "(a+)+$" } }'), /expression|regex/],
  ['a regular expression of exponential cost in other words', route('headers: { x: { regex: "(a|a)*b" } }'), /expression|regex/],
  ['a regular expression of exponential cost with a class', route('query: { q: { regex: "([a-z]+)*#" } }'), /expression|regex/],
  ['a regular expression that is none', route('query: { q: { regex: "(" } }'), /expression|regex/],
  ['a field name with a line break', route('responseHeaders: { set: { "x-a\\r\\nx-b": y } }'), /responseHeaders|x-a|name/],
  [
    'a field that frames messages',
    'routes:\n  - { path: /a, target: http://127.0.0.1:1, requestHeaders: { set: { content-length: "0" } } }\n',
    /content-length/
  ],
  ['a path with dot segments', 'routes:\n  - { path: /a/../b, respond: { status: 200 } }\n', /dot segment/],
  [
    'a rewrite with dot segments',
    'routes:\n  - { path: /a, target: http://127.0.0.1:1, rewrite: /../b }\n',
    /rewrite|dot-segment|forwarded/
  ],
  ['a target that is a file', 'routes:\n  - { path: /a, target: file:///etc/passwd }\n', /http/],
  ['a port beyond all ports', 'server: { port: 99999 }\n', /port/],
  ['a size beyond all sizes', 'server: { limits: { body: 99999999999999gib } }\n', /body|size/],
  ['a number of connections below nothing', 'server: { limits: { connections: -1 } }\n', /connections/],
  ['bytes that are no UTF-8', 'x-a: "\ud800"\nroute: []\n', /./],
  ['a NUL', 'x-a: "\0"\n', /./],
  ['an included file out of nowhere', 'include: [/proc/self/environ]\n', /include|environ/],
  ['a secret that is a device', 'x-a: "${file:/dev/zero}"\n', /./]
]

for (const [name, yaml, message] of attacks) {
  test(`${name}: refused, and the running gateway keeps what it has`, async t => {
    const target = await startTarget(t)
    const gateway = await startGateway(t, `routes:\n  - { path: /*, target: "${target.url}" }\n`)
    gateway.write(yaml)
    const { ok, problems } = await gateway.gateway.reload('test')
    assert.equal(ok, false)
    assert.match(problems.join('\n'), message)
    assert.equal((await send(gateway.url, '/')).status, 200)
    assert.equal(({} as { admin?: unknown }).admin, undefined)
  })
}
