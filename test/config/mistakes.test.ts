import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import Type from '#typebox'
import { formatProblem } from '../../src/config/check/problem.ts'
import { Duration, Enum, Rate, Secret } from '../../src/config/schema/units.ts'
import { validate } from '../../src/config/check/validate.ts'
import { readBothWays } from './both-ways.ts'
import { folder } from './folder.ts'

const closed = { additionalProperties: false }
const File = Type.Object({
  server: Type.Optional(Type.Object({
    port: Type.Integer({ minimum: 0, maximum: 65535, default: 8080 }),
    trustProxy: Type.Array(Type.String(), { default: [] })
  }, closed)),
  upstreams: Type.Optional(Type.Record(Type.String(), Type.Object({
    targets: Type.Array(
      Type.Union([Type.String({ format: 'uri' }), Type.Object({ url: Type.String(), weight: Type.Integer({ default: 1 }) }, closed)]),
      { minItems: 1 }
    ),
    balance: Enum(['round-robin', 'least-connections'], { default: 'round-robin' }),
    timeout: Duration({ default: '30s' }),
    circuitBreaker: Type.Optional(Type.Object({ failures: Type.Integer({ default: 5 }) }, closed))
  }, closed))),
  limit: Type.Optional(Rate()),
  secret: Type.Optional(Secret({ minLength: 16 }))
}, closed)

for (const [name, text, ...shown] of [
  [
    'a misspelt key',
    'server:\n  trustProxi: []\n',
    'gateway.yaml:2:3  unknown key "trustProxi" — did you mean "trustProxy"?',
    '   2 |   trustProxi: []',
    '     |   ^^^^^^^^^^'
  ],
  [
    'a key of nowhere',
    'server: { zebra: 1 }\n',
    'gateway.yaml:1:11  unknown key "zebra" — expected one of port, trustProxy',
    '   1 | server: { zebra: 1 }',
    '     |           ^^^^^'
  ],
  [
    'a port in quotes',
    'server:\n  port: "8080"\n',
    'gateway.yaml:2:9  expected a whole number from 0 to 65535, got "8080" — write it without quotes: 8080',
    '   2 |   port: "8080"',
    '     |         ^^^^^^'
  ],
  [
    'a port that is none',
    'server:\n  port: 70000\n',
    'gateway.yaml:2:9  expected a whole number from 0 to 65535, got 70000',
    '   2 |   port: 70000',
    '     |         ^^^^^'
  ],
  [
    'one item in place of a list',
    'server:\n  trustProxy: 10.0.0.0/8\n',
    'gateway.yaml:2:15  expected a list, got "10.0.0.0/8" — write a list: ["10.0.0.0/8"]',
    '   2 |   trustProxy: 10.0.0.0/8',
    '     |               ^^^^^^^^^^'
  ],
  [
    'a word of a closed set',
    'upstreams:\n  a:\n    targets: [http://b]\n    balance: roundrobbin\n',
    'gateway.yaml:4:14  expected one of round-robin, least-connections, got "roundrobbin" — did you mean "round-robin"?',
    '   4 |     balance: roundrobbin',
    '     |              ^^^^^^^^^^^'
  ],
  [
    'a bare number as a duration',
    'upstreams:\n  a:\n    targets: [http://b]\n    timeout: 30\n',
    'gateway.yaml:4:14  expected a duration such as "30s", got 30 — write "30s" or "30ms"',
    '   4 |     timeout: 30',
    '     |              ^^'
  ],
  [
    'a missing key of a block',
    'upstreams:\n  users:\n    timeout: 30s\n',
    'gateway.yaml:2:3  missing key "targets"',
    '   2 |   users:',
    '     |   ^^^^^'
  ],
  [
    'a missing key of a list item',
    'upstreams:\n  users:\n    targets:\n      - { weight: 2 }\n',
    'gateway.yaml:4:9  missing key "url"',
    '   4 |       - { weight: 2 }',
    '     |         ^'
  ],
  [
    'a key with nothing below it',
    'upstreams:\n  users:\n    targets: [http://b]\n    circuitBreaker:\n',
    'gateway.yaml:4:5  expected a mapping, got nothing — write its keys below it, indented, or {} for the defaults',
    '   4 |     circuitBreaker:',
    '     |     ^^^^^^^^^^^^^^'
  ],
  [
    'an empty list',
    'upstreams: { a: { targets: [] } }\n',
    'gateway.yaml:1:28  needs at least one item',
    '   1 | upstreams: { a: { targets: [] } }',
    '     |                            ^'
  ],
  [
    'an address that is none',
    'upstreams: { a: { targets: [nowhere] } }\n',
    'gateway.yaml:1:29  expected a URL, got "nowhere"',
    '   1 | upstreams: { a: { targets: [nowhere] } }',
    '     |                             ^^^^^^^'
  ],
  [
    'a rate without its time',
    'limit: 5\n',
    'gateway.yaml:1:8  expected a rate such as "100/m", got 5 — write "5/s" or "5/m"',
    '   1 | limit: 5',
    '     |        ^'
  ],
  [
    'a secret that is too short',
    'secret: hunter2\n',
    'gateway.yaml:1:9  needs at least 16 characters',
    '   1 | secret: *******',
    '     |         ^^^^^^^'
  ],
  [
    'a variable of the wrong type',
    'server:\n  port: ${PORT}\n',
    'gateway.yaml:2:9  expected a whole number from 0 to 65535, got "eighty"',
    '   2 |   port: ${PORT}',
    '     |         ^^^^^^^'
  ],
  [
    'a wrong value behind an alias',
    'x-port: &port high\nserver: { port: *port }\n',
    'gateway.yaml:1:15  expected a whole number from 0 to 65535, got "high"',
    '   1 | x-port: &port high',
    '     |               ^^^^'
  ]
] as const) {
  test(`${name} is shown with its line and a caret`, (t) => {
    const path = folder(t, { 'gateway.yaml': text })
    const { document, problems } = readBothWays(join(path, 'gateway.yaml'), { env: { PORT: 'eighty' } })
    const found = [...problems, ...validate(File, document!.value).problems]
    const lines = found.map((problem) => {
      const position = problem.position ?? document!.locate(problem.pointer, problem.at)
      return formatProblem({ ...problem, ...(position && { position }) }, (file) => document!.source(file)).replaceAll(`${path}/`, '')
    })
    assert.deepEqual(lines, [shown.join('\n')])
  })
}
