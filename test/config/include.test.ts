import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read } from './reading.ts'

test('included files are merged: mappings by key, lists appended in order', (t) => {
  const { value, shown } = read(t, {
    'gateway.yaml': 'include: [routes/*.yaml, shared.yaml]\nupstreams: { a: 1 }\nroutes: [main]\n',
    'routes/b.yaml': 'routes: [b]\nupstreams: { b: 1 }\n',
    'routes/a.yaml': 'routes: [a]\n',
    'shared.yaml': 'policies: { p: 1 }\nroutes: [s]\n'
  })
  assert.deepEqual(shown, [])
  assert.deepEqual(value, { upstreams: { a: 1, b: 1 }, routes: ['main', 'a', 'b', 's'], policies: { p: 1 } })
})

test('an included file may include, relative to itself', (t) => {
  const { value, files } = read(t, {
    'gateway.yaml': 'include: a/one.yaml\n',
    'a/one.yaml': 'include: two.yaml\nroutes: [1]\n',
    'a/two.yaml': 'routes: [2]\n'
  })
  assert.deepEqual(value, { routes: [1, 2] })
  assert.deepEqual(files, ['gateway.yaml', 'a/one.yaml', 'a/two.yaml'])
})

test('a place in a merged document is in its own file', (t) => {
  const { document, path } = read(t, { 'gateway.yaml': 'include: b.yaml\nroutes: [1]\n', 'b.yaml': '# b\nroutes:\n  - 2\n' })
  assert.deepEqual(document!.locate('/routes/1'), { file: `${path}/b.yaml`, line: 3, column: 5, length: 1 })
  assert.match(document!.source(`${path}/b.yaml`)!, /^# b/)
})

test('a key with nothing after it leaves the floor to another file', (t) => {
  const { value, shown } = read(t, { 'gateway.yaml': 'include: b.yaml\nroutes:\n', 'b.yaml': 'routes: [1]\n' })
  assert.deepEqual([value, shown], [{ routes: [1] }, []])
})

test('the name of an included file may come from a variable', (t) => {
  const { value } = read(t, { 'gateway.yaml': 'include: ${STAGE}.yaml\n', 'prod.yaml': 'a: 1\n' }, { STAGE: 'prod' })
  assert.deepEqual(value, { a: 1 })
})

test('a folder that a pattern looks into is watched for new files', (t) => {
  assert.deepEqual(
    read(t, { 'gateway.yaml': 'include: routes/*.yaml\na: 1', 'routes/a.yaml': 'b: 1' }).files,
    ['gateway.yaml', 'routes', 'routes/a.yaml']
  )
})

test('a pattern that matches the including file does not include it again', (t) => {
  const { value, shown } = read(t, { 'gateway.yaml': 'include: "*.yaml"\nroutes: [1]\n', 'b.yaml': 'routes: [2]\n' })
  assert.deepEqual([value, shown], [{ routes: [1, 2] }, []])
})

test('two files may use the same x-* key at the top', (t) => {
  const { value, shown } = read(t, { 'gateway.yaml': 'include: b.yaml\nx-a: &a 1\nb: *a\n', 'b.yaml': 'x-a: &a 2\nc: *a\n' })
  assert.deepEqual([value, shown], [{ b: 1, c: 2 }, []])
})

for (const [name, files, ...shown] of [
  ['the same key in two files', { 'gateway.yaml': 'include: b.yaml\nupstreams:\n  users: 1\n', 'b.yaml': 'upstreams:\n  users: 2\n' },
    'b.yaml:2:3  "upstreams.users" is in two files — it is already at gateway.yaml:3:3\n   2 |   users: 2\n     |   ^^^^^'],
  ['the same scalar in two files', { 'gateway.yaml': 'include: b.yaml\na: 1\n', 'b.yaml': 'a: 1\n' },
    'b.yaml:1:1  "a" is in two files — it is already at gateway.yaml:2:1\n   1 | a: 1\n     | ^'],
  ['a list in one file and a mapping in another', { 'gateway.yaml': 'include: b.yaml\na: []\n', 'b.yaml': 'a: {}\n' },
    'b.yaml:1:1  "a" is in two files — it is already at gateway.yaml:2:1\n   1 | a: {}\n     | ^'],
  ['a file that is missing', { 'gateway.yaml': 'a: 1\ninclude:\n  - b.yaml\n' },
    'gateway.yaml:3:5  cannot read b.yaml: no such file\n   3 |   - b.yaml\n     |     ^^^^^^'],
  ['a file that includes itself', { 'gateway.yaml': 'include: gateway.yaml\n' },
    'gateway.yaml:1:10  gateway.yaml includes itself\n   1 | include: gateway.yaml\n     |          ^^^^^^^^^^^^'],
  ['a cycle', { 'gateway.yaml': 'include: b.yaml\n', 'b.yaml': 'include: gateway.yaml\n' },
    'b.yaml:1:10  gateway.yaml includes itself — through the files in between\n   1 | include: gateway.yaml\n     |          ^^^^^^^^^^^^'],
  ['a file that is included twice', { 'gateway.yaml': 'include: [b.yaml, b.yaml]\n', 'b.yaml': 'routes: [1]\n' },
    'gateway.yaml:1:19  warning: b.yaml is already included\n   1 | include: [b.yaml, b.yaml]\n     |                   ^^^^^^'],
  ['a star that matches nothing', { 'gateway.yaml': 'include: "none/*.yaml"\n' },
    'gateway.yaml:1:10  warning: no file matches "none/*.yaml"\n   1 | include: "none/*.yaml"\n     |          ^^^^^^^^^^^^^'],
  ['braces that match nothing', { 'gateway.yaml': 'include: "{a,b}.yaml"\n' },
    'gateway.yaml:1:10  no file matches "{a,b}.yaml"\n   1 | include: "{a,b}.yaml"\n     |          ^^^^^^^^^^^^'],
  ['an include that is no name', { 'gateway.yaml': 'include: [5]\n' },
    'gateway.yaml:1:11  expected a file name or a pattern — such as "routes/*.yaml"\n   1 | include: [5]\n     |           ^'],
  ['an included file that is empty', { 'gateway.yaml': 'include: b.yaml\n', 'b.yaml': '# later\n' },
    'b.yaml:1:1  warning: the file is empty\n   1 | # later\n     | ^'],
  ['an included list', { 'gateway.yaml': 'include: b.yaml\n', 'b.yaml': '- path: /\n' },
    'b.yaml:1:1  a configuration file must be a mapping of keys — such as "routes:"\n   1 | - path: /\n     | ^'],
  ['mistakes in several files', { 'gateway.yaml': 'include: [b.yaml, c.yaml]\na: *x\n', 'b.yaml': 'a: "\n', 'c.yaml': 'c: ${NONE}\n' },
    'gateway.yaml:2:4  the alias *x has no anchor above it — mark the value with &x\n   2 | a: *x\n     |    ^^',
    'b.yaml:2:1  this line is not indented enough — is a bracket, brace or quote above it not closed?\n   2 | \n     | ^',
    'c.yaml:1:4  the variable NONE is not set — set it, or write a default: ${NONE:-…}\n   1 | c: ${NONE}\n     |    ^^^^^^^']
] as const) {
  test(`${name} is reported`, (t) => {
    assert.deepEqual(read(t, files).shown, shown)
  })
}

test('all files together have a bound', (t) => {
  const text = `x-padding: 1\n#${'x'.repeat(4 * 1024 * 1024 - 20)}\n`
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`parts/${index}.yaml`, text]))
  const { shown } = read(t, { 'gateway.yaml': 'include: parts/*.yaml\n', ...files })
  assert.deepEqual(shown.map((problem) => problem.split('\n')[0]), ['gateway.yaml:1:10  all files together are larger than 32 MiB'])
})
