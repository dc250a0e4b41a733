import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readDocument } from '../../src/config/read/document.ts'
import { interpolate } from '../../src/config/read/interpolate.ts'
import { folder } from './folder.ts'
import { read } from './reading.ts'

const env = {
  HOST: 'example.org',
  PORT: '8080',
  EMPTY: '',
  ON: 'true',
  TRICK: '${HOST}',
  'A.B': 'dotted',
  INJECT: 'x\nadmin: { host: 0.0.0.0 }'
}

for (const [written, value] of [
  ['${HOST}', 'example.org'],
  ['http://${HOST}:${PORT}/', 'http://example.org:8080/'],
  ['${env:HOST}', 'example.org'],
  ['${env:A.B}', 'dotted'],
  ['${PORT}', 8080],
  ['"${PORT}"', '8080'],
  ['\'${PORT}\'', '8080'],
  ['!!str ${PORT}', '8080'],
  ['${ON}', true],
  ['${EMPTY}', null],
  ['"${EMPTY}"', ''],
  ['${EMPTY:-1}', 1],
  ['${NONE:-default}', 'default'],
  ['${NONE:-}', null],
  ['${NONE:-a:-b}', 'a:-b'],
  ['${PORT:-1}', 8080],
  ['${PORT:?is needed}', 8080],
  ['$${HOST}', '${HOST}'],
  ['a$$b', 'a$b'],
  ['$$$${HOST}', '$${HOST}'],
  ['^/a$', '^/a$'],
  ['$HOST', '$HOST'],
  ['"${TRICK}"', '${HOST}'],
  ['${INJECT}', 'x\nadmin: { host: 0.0.0.0 }'],
  ['/u/${params.id}', '/u/${params.id}'],
  ['${claims.sub}-${PORT}', '${claims.sub}-8080'],
  ['${header.x-id}${request.method}${query.a}${exchange.id}', '${header.x-id}${request.method}${query.a}${exchange.id}'],
  ['|\n    ${HOST}\n    ${PORT}\n', 'example.org\n8080\n']
] as const) {
  test(`${JSON.stringify(written)} becomes ${JSON.stringify(value)}`, (t) => {
    const result = read(t, `a: ${written}`, env)
    assert.deepEqual([result.value, result.shown], [{ a: value }, []])
  })
}

test('keys are never substituted', (t) => {
  assert.deepEqual(read(t, '"${HOST}": 1', env).value, { '${HOST}': 1 })
})

for (const [name, text, shown] of [
  [
    'a missing variable',
    'a: http://${HOTS}/',
    'gateway.yaml:1:11  the variable HOTS is not set — did you mean "HOST"?\n   1 | a: http://${HOTS}/\n     |           ^^^^^^^'
  ],
  [
    'a missing variable without a similar one',
    'a: ${SOMETHING}',
    'gateway.yaml:1:4  the variable SOMETHING is not set — set it, or write a default: ${SOMETHING:-…}\n   1 | a: ${SOMETHING}\n     ' +
      '|    ^^^^^^^^^^^^'
  ],
  [
    'a required variable',
    'a: ${KEY:?ask the platform team}',
    'gateway.yaml:1:4  the variable KEY is not set: ask the platform team\n   1 | a: ${KEY:?ask the platform team}\n     |    ' +
      '^^^^^^^^^^^^^^^^^^^^^^^^^^^^^'
  ],
  [
    'a required variable that is empty',
    'a: ${EMPTY:?needed}',
    'gateway.yaml:1:4  the variable EMPTY is empty: needed\n   1 | a: ${EMPTY:?needed}\n     |    ^^^^^^^^^^^^^^^^'
  ],
  [
    'a name that is none',
    'a: ${not-a-name}',
    'gateway.yaml:1:4  "${not-a-name}" is not understood — write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:path}; "$${" ' +
      'for the characters themselves\n   1 | a: ${not-a-name}\n     |    ^^^^^^^^^^^^^'
  ],
  [
    'nothing in the braces',
    'a: ${}',
    'gateway.yaml:1:4  "${}" is not understood — write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:path}; "$${" for the ' +
      'characters themselves\n   1 | a: ${}\n     |    ^^^'
  ],
  [
    'an open brace',
    'a: ${HOST',
    'gateway.yaml:1:4  "${" is not closed — write "$${" for the characters themselves\n   1 | a: ${HOST\n     |    ^^^^^^'
  ],
  ['a nested variable', 'a: ${A:-${B}}', 'gateway.yaml:1:4  "${" inside "${…}" is not possible\n   1 | a: ${A:-${B}}\n     |    ^^^^^^^^^']
] as const) {
  test(`${name} is refused where it stands`, (t) => {
    assert.deepEqual(read(t, text, env).shown, [shown])
  })
}

test('names that every object has are not variables', () => {
  const { faults } = interpolate('${constructor}${toString}', { env: {}, readFile: () => ({ failure: 'no such file' }) })
  assert.equal(faults.length, 2)
})

test('a variable missing behind an anchor is reported once', (t) => {
  assert.equal(read(t, 'a: &a ${NONE}\nb: *a\nc: *a').shown.length, 1)
})

test('a secret file is read beside the file that names it, trimmed and marked as secret', (t) => {
  const { value, document, shown, files } = read(t, {
    'gateway.yaml': 'include: more/one.yaml\na: { b: "${file:key.txt}" }\n',
    'key.txt': '  hunter2\n\n',
    'more/one.yaml': 'c: Bearer ${file:token}\n',
    'more/token': 'abc\n'
  })
  assert.deepEqual(shown, [])
  assert.deepEqual(value, { a: { b: 'hunter2' }, c: 'Bearer abc' })
  assert.deepEqual([...document!.secrets].toSorted(), ['/a/b', '/c'])
  assert.deepEqual(files.toSorted(), ['gateway.yaml', 'key.txt', 'more/one.yaml', 'more/token'])
})

test('an aliased secret is secret in every place', (t) => {
  const { document } = read(t, { 'gateway.yaml': 'a: &a ${file:key}\nb: [*a]\n', key: 'x' })
  assert.deepEqual([...document!.secrets], ['/a', '/b/0'])
})

test('what a secret file contains is not looked at again', (t) => {
  assert.deepEqual(read(t, { 'gateway.yaml': 'a: ${file:key}', key: '${HOST}' }, env).value, { a: '${HOST}' })
})

test('a secret file that is missing, a folder, too large or not text is refused', (t) => {
  const path = folder(t, {
    'gateway.yaml': 'a: ${file:none}\nb: ${file:folder}\nc: ${file:large}\nd: ${file:bytes}\ne: ${file:}\n',
    large: 'x'.repeat(64 * 1024 + 1),
    bytes: Buffer.from([0xFF, 0x00])
  })
  mkdirSync(join(path, 'folder'))
  const { problems, files } = readDocument(join(path, 'gateway.yaml'), { env: {} })
  assert.deepEqual(problems.map(({ message }) => message), [
    'cannot read the secret file none: no such file',
    'cannot read the secret file folder: it is a directory',
    'cannot read the secret file large: it is larger than 64 KiB',
    'cannot read the secret file bytes: it is not valid UTF-8',
    '"${file:}" names no file'
  ])
  assert.ok(files.has(join(path, 'none')))
})
