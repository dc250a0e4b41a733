import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDocument } from '../../src/config/read/document.ts'
import { readBothWays } from './both-ways.ts'
import { folder } from './folder.ts'
import { read } from './reading.ts'

test('YAML 1.2 is read by the core schema', (t) => {
  const { value, problems } = read(t, 'a: 8080\nb: yes\nc: true\nd: ~\ne: 1_000\nf: 2026-01-01\ng: "8080"\nh: !!str 5\ni: 0x10\nj: 1.5\n')
  assert.deepEqual(problems, [])
  assert.deepEqual(value, { a: 8080, b: 'yes', c: true, d: null, e: '1_000', f: '2026-01-01', g: '8080', h: '5', i: 16, j: 1.5 })
})

test('a merge key brings in what is not written beside it, the first mapping winning', (t) => {
  const { value, problems } = read(t, 'x-a: &a { k: 1, l: 1 }\nx-b: &b { l: 2, m: 2 }\none:\n  k: 0\n  <<: *a\ntwo:\n  <<: [*a, *b]\n')
  assert.deepEqual(problems, [])
  assert.deepEqual(value, { one: { k: 0, l: 1 }, two: { k: 1, l: 1, m: 2 } })
})

test('anchors on x-* keys work, and the keys themselves are gone', (t) => {
  const { value } = read(t, 'x-slow: &slow 30s\ntimeout: *slow\n')
  assert.deepEqual(value, { timeout: '30s' })
})

test('a header condition that is named x-* stays', (t) => {
  const { value } = read(t, 'routes:\n  - headers: { x-version: v2 }\n')
  assert.deepEqual(value, { routes: [{ headers: { 'x-version': 'v2' } }] })
})

test('an aliased part is a copy of its own wherever it is used', (t) => {
  const { value } = read(t, 'a: &a { k: 1 }\nb: *a\n')
  const { a, b } = value as { a: { k: number }, b: { k: number } }
  a.k = 2
  assert.equal(b.k, 1)
})

test('a byte order mark in front of UTF-8 is skipped', (t) => {
  const { value, problems } = read(t, '\uFEFFa: 1\n')
  assert.deepEqual([value, problems], [{ a: 1 }, []])
})

for (const [name, pointer, at, place] of [
  ['a scalar', '/server/port', 'value', [3, 9, 4]],
  ['a key', '/server/port', 'key', [3, 3, 4]],
  ['a quoted scalar, quotes included', '/server/host', 'value', [2, 9, 3]],
  ['a list item', '/routes/1', 'value', [7, 5, 2]],
  ['an entry of a flow mapping', '/routes/0/path', 'value', [6, 13, 2]],
  ['a key with ~ and /', '/a~1b~0', 'key', [8, 1, 4]],
  ['a block mapping, by its key', '/server', 'value', [1, 1, 6]],
  ['what is missing, by its nearest ancestor', '/server/limits/body', 'value', [1, 1, 6]],
  ['an item that is missing', '/routes/7', 'value', [5, 1, 6]],
  ['an empty value, by its key', '/empty', 'value', [9, 1, 5]],
  ['the root', '', 'value', [1, 1, 1]]
] as const) {
  test(`the place of ${name} is found`, (t) => {
    const { document } = read(t, 'server:\n  host: "h"\n  port: 8080\n# comment\nroutes:\n  - { path: /a }\n  - /b\na/b~: 1\nempty:\n')
    const { line, column, length } = document!.locate(pointer, at)!
    assert.deepEqual([line, column, length], place)
  })
}

test('the place of a merged value is where it is written', (t) => {
  const { document } = read(t, 'x-a: &a\n  k: 1\nb:\n  <<: *a\n')
  assert.equal(document!.locate('/b/k')?.line, 2)
})

const nested = `a: ${'['.repeat(70)}${']'.repeat(70)}`
const laughs = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`)
].join('\n')

for (const [name, text, ...shown] of [
  ['an empty file', '', 'gateway.yaml:1:1  the file is empty'],
  ['a file of comments', '# nothing\n', 'gateway.yaml:1:1  the file is empty'],
  ['a list as the root', '- a', 'gateway.yaml:1:1  a configuration file must be a mapping of keys — such as "routes:"'],
  ['a key that appears twice', 'a: 1\nb: 2\na: 3\n', 'gateway.yaml:3:1  the key "a" appears twice — it is already on line 1'],
  [
    'an unknown tag',
    'a: !env HOME',
    'gateway.yaml:1:9  "HOME" cannot be read as !env — only the tags !!str, !!int, !!float, !!bool, !!null, !!map and !!seq can be used'
  ],
  [
    'an unknown tag on a mapping',
    'a: !thing { b: 1 }',
    'gateway.yaml:1:11  the tag !thing is not known here — only the tags !!str, !!int, !!float, !!bool, !!null, !!map and !!seq can be ' +
      'used'
  ],
  ['a tab', 'a:\n\tb: 1', 'gateway.yaml:2:1  a tab is used for indentation — YAML allows only spaces there'],
  ['a second document', 'a: 1\n---\nb: 2', 'gateway.yaml:3:1  a second document starts here — remove the "---" line before it'],
  ['__proto__', 'a:\n  __proto__: { b: 1 }', 'gateway.yaml:2:3  the key "__proto__" is not allowed'],
  ['constructor', 'constructor: 1', 'gateway.yaml:1:1  the key "constructor" is not allowed'],
  ['prototype', 'prototype: 1', 'gateway.yaml:1:1  the key "prototype" is not allowed'],
  ['a key that is a list', '[a]: 1', 'gateway.yaml:1:1  a key must be plain text'],
  ['an alias without an anchor', 'a: *b', 'gateway.yaml:1:4  the alias *b has no anchor above it — mark the value with &b'],
  ['an alias inside its own anchor', 'a: &a [*a]', 'gateway.yaml:1:8  the alias *a is inside its own anchor'],
  ['a merge of text', 'a:\n  <<: b', 'gateway.yaml:2:7  "<<" takes a mapping or a list of mappings — such as <<: *name'],
  ['too deep a nesting', nested, 'gateway.yaml:1:67  nested deeper than 64 levels'],
  [
    'more than a hundred aliases',
    `a: &a x\nb: [${Array(150).fill('*a').join(', ')}]`,
    'gateway.yaml:2:405  more than 100 aliases in one file'
  ],
  ['a billion laughs', laughs, 'gateway.yaml:6:8  the aliases of this file expand to more than 100000 values'],
  ['a list that is not closed', 'a: { b: c, d: [e, f }', 'gateway.yaml:1:21  the list is not closed — a ] is missing before this }'],
  [
    'a list with a quoted item that is not closed',
    'a: { d: ["e: f" }',
    'gateway.yaml:1:17  the list is not closed — a ] is missing before this }'
  ],
  ['a mapping that is not closed', 'a: [{ b: c, d: e ]', 'gateway.yaml:1:18  the mapping is not closed — a } is missing before this ]'],
  ['two values without a comma', 'a: { b: "c" d: e }', 'gateway.yaml:1:13  expected "," or the closing bracket'],
  ['a colon in a plain value', 'a: b: c', 'gateway.yaml:1:5  this does not belong here — put a value that contains ": " in quotes'],
  ['a value that starts with @', 'a: @b', 'gateway.yaml:1:4  this does not belong here — put a value that starts with @, ` or % in quotes'],
  ['a quote that is not closed', 'a: "b', 'gateway.yaml:1:6  the text is not closed — a " is missing'],
  ['a control character', 'a: \u0001', 'gateway.yaml:1:4  the file contains a control character']
] as const) {
  test(`${name} is refused where it stands`, (t) => {
    assert.deepEqual(read(t, text).shown.map((problem) => problem.split('\n')[0]), shown)
  })
}

test('an alias bomb leaves a small value behind', (t) => {
  const { value } = read(t, laughs)
  assert.ok(JSON.stringify(value).length < 1_000_000)
})

test('nesting through aliases is bounded like nesting itself', (t) => {
  const step = (name: string, inner: string): string => `${name}: &${name} ${'['.repeat(30)}${inner}${']'.repeat(30)}`
  assert.match(
    read(t, [step('a', '1'), step('b', '*a'), step('c', '*b')].join('\n')).shown[0]!,
    /nested deeper than 64 levels through the alias \*b/
  )
})

test('all problems in the YAML are reported at once', (t) => {
  const { shown } = read(t, 'a: *none\nb: !foo x\nb: 2\n__proto__: 1\nc: ${MISSING}\nd: ${ALSO_MISSING}\n')
  assert.equal(shown.length, 6)
})

test('bytes that are not UTF-8 are pointed at', (t) => {
  const { shown, value } = read(t, Buffer.concat([Buffer.from('a: 1\nb: "ü'), Buffer.from([0xE4]), Buffer.from('"\n')]))
  assert.equal(value, undefined)
  assert.deepEqual(shown, ['gateway.yaml:2:6  cannot read gateway.yaml: it is not valid UTF-8\n   2 | b: "ü�"\n     |      ^'])
})

test('no text makes reading throw, and every problem has words and a place', (t) => {
  const path = folder(t, {})
  const file = join(path, 'gateway.yaml')
  const word = fc.constantFrom(
    'a',
    'b',
    ':',
    ' ',
    '\n',
    '\n  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&a ',
    '*a',
    '!x ',
    '<<: ',
    '"',
    '\'',
    '|',
    '>',
    '#',
    '$',
    '${A}',
    '${',
    '%',
    '\t',
    '---\n',
    '? ',
    '~',
    '\u0000',
    'ü',
    '__proto__: '
  )
  fc.assert(fc.property(fc.array(word, { maxLength: 40 }), (words) => {
    writeFileSync(file, words.join(''))
    const { document, problems } = readBothWays(file, { env: {} })
    assert.ok(document !== undefined || problems.length > 0)
    assert.ok(problems.every(({
      message,
      position
    }) => message !== '' && position !== undefined && position.line >= 1 && position.column >= 1))
  }), { numRuns: 300 })
})

test('UTF-16 is named as what it is', (t) => {
  assert.deepEqual(read(t, Buffer.from('\uFEFFa: 1', 'utf16le')).shown, ['cannot read gateway.yaml: it is UTF-16; save it as UTF-8'])
})

test('a file of more than 4 MiB is refused', (t) => {
  assert.deepEqual(read(t, `# ${'x'.repeat(4 * 1024 * 1024)}`).shown, ['cannot read gateway.yaml: it is larger than 4096 KiB'])
})

test('a missing file and a folder are named, and are watched', (t) => {
  const path = folder(t, {})
  mkdirSync(join(path, 'folder'))
  for (const [name, reason] of [['none.yaml', 'no such file'], ['folder', 'it is a directory']] as const) {
    const file = join(path, name)
    const { document, problems, files } = readDocument(file, { env: {} })
    assert.equal(document, undefined)
    assert.deepEqual(problems.map(({ message }) => message), [`cannot read ${file}: ${reason}`])
    assert.deepEqual([...files.keys()], [file])
  }
})
