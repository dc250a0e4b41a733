/** Templates with variables of the request, and what may become a header value. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { checkTemplate, compileTemplate, safeHeaderValue } from '../../src/http/header-template.ts'
import type { TemplateScope } from '../../src/http/header-template.ts'

const scope: TemplateScope = {
  params: { id: '42' },
  claims: {
    sub: 'anna',
    admin: false,
    level: 3,
    roles: ['reader', 'writer'],
    address: { country: 'DE' },
    'https://a.example/tier': 'gold',
    bad: ['user,admin'],
    nested: [['x']],
    none: null,
    object: {},
    inf: Infinity
  },
  header: { 'x-a': 'A', 'accept': ['a', 'b'] },
  query: { q: 'shoes' },
  request: { id: 'r1', method: 'GET', path: '/x%20y' },
  client: { ip: '192.0.2.7' }
}

const render = (text: string) => compileTemplate(text).render(scope)

test('each kind of variable is filled in', () => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ['${params.id}', '42'], ['user ${claims.sub}!', 'user anna!'], ['${header.X-A}', 'A'], ['${header.accept}', 'a,b'],
    ['${query.q}', 'shoes'], ['${request.id} ${request.method} ${request.path}', 'r1 GET /x%20y'],
    ['${client.ip}', '192.0.2.7'], [
      '${claims.admin}/${claims.level}',
      'false/3'
    ], ['${claims.roles}', 'reader,writer'], ['${claims.address.country}', 'DE'], ['${claims.https://a.example/tier}', 'gold']
  ]
  for (const [text, expected] of cases) assert.equal(render(text), expected, text)
})

test('a value that is absent, or could be taken for something else, makes the whole absent', () => {
  for (const name of [
    'params.x', 'claims.x', 'claims.none', 'claims.object', 'claims.inf', 'claims.bad', 'claims.nested',
    'claims.constructor', 'claims.__proto__', 'claims.sub.length', 'claims.roles.length.x', 'header.x-b',
    'query.toString'
  ]) {
    assert.equal(render(`a \${${name}}`), undefined, name)
  }
  assert.equal(compileTemplate('${claims.sub}').render({}), undefined)
  assert.equal(
    compileTemplate('${claims.sub}').render({ claims: Object.create({ sub: 'inherited' }) as Record<string, unknown> }),
    undefined
  )
})

test('dollars: two are one, and one alone stands for itself', () => {
  assert.equal(render('$${claims.sub} costs 5$ or $x'), '${claims.sub} costs 5$ or $x')
  assert.equal(render('$$${claims.sub}'), '$anna')
})

test('a template without variables is a constant', () => {
  const template = compileTemplate('plain $$')
  assert.equal(template.constant, 'plain $')
  assert.deepEqual(template.variables, [])
  assert.equal(compileTemplate('').constant, '')
})

test('a template lists its variables once each', () => {
  assert.deepEqual(compileTemplate('${claims.sub}${params.id}${claims.sub}').variables, ['claims.sub', 'params.id'])
})

test('a wrong template is refused with what was expected', () => {
  const cases: ReadonlyArray<readonly [string, RegExp]> = [
    ['${claims.sub', /not closed/], ['a ${', /not closed/], [
      '${user.id}',
      /\$\{user\.id\} is unknown: expected params\./
    ], ['${claims}', /no name: expected \$\{claims\.name\}/], ['${}', /unknown/],
    [
      '${request.body}',
      /expected request\.id, request\.method, request\.path/
    ], ['${constructor.name}', /unknown/], ['${claims.${params.id}}', /not closed/]
  ]
  for (const [text, expected] of cases) {
    assert.match(checkTemplate(text) ?? '', expected, text)
    assert.throws(() => compileTemplate(text), RangeError)
  }
  assert.equal(checkTemplate('$${x} ${claims.sub}'), undefined)
  assert.equal(checkTemplate('${geo.country}', { geo: ['country'] }), undefined)
  assert.match(checkTemplate('${params.x}', { params: ['id'] }) ?? '', /expected params\.id/)
})

test('a plugin may bring a root of its own', () => {
  assert.equal(compileTemplate('${geo.country}', { geo: true }).render({ geo: { country: 'DE' } }), 'DE')
})

test('nothing in a claim or parameter can split a header or be cut from its ends', () => {
  const template = compileTemplate('${claims.sub}')
  for (const sub of [
    'a\r\nX-Admin: 1', 'a\nb', 'a\rb', 'a\0', '\x7f', 'a\x1b[0m', ' admin', 'admin ', '\tadmin', 'a\ud800',
    '\udc00\ud800'
  ]) {
    assert.equal(template.renderHeader({ claims: { sub } }), undefined, JSON.stringify(sub))
    assert.equal(safeHeaderValue(sub), undefined, JSON.stringify(sub))
  }
  assert.equal(template.renderHeader({ claims: { sub: 'anna' } }), 'anna')
})

test('halves of a character in two values do not make a whole one', () => {
  assert.equal(compileTemplate('${claims.a}${claims.b}').renderHeader({ claims: { a: '\ud83d', b: '\ude00' } }), undefined)
})

test('text goes out as UTF-8, and bytes that came in a header go out as they came', () => {
  assert.equal(compileTemplate('é ${claims.sub}').renderHeader({ claims: { sub: 'josé ☃' } }), Buffer.from('é josé ☃').toString('latin1'))
  assert.equal(compileTemplate('${header.x}').renderHeader({ header: { x: 'caf\xe9' } }), 'caf\xe9')
  assert.equal(compileTemplate('☃').renderHeader({}), '\xe2\x98\x83')
})

test('every value that is given can be sent in a header, and different texts stay different', () => {
  const sendable = /^(?![ \t])[\t\x20-\x7e\x80-\xff]*(?<![ \t])$/
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
    const one = safeHeaderValue(a)
    const other = safeHeaderValue(b)
    if (one !== undefined) assert.match(one, sendable)
    if (one !== undefined && a !== b) assert.notEqual(one, other)
  }))
})
