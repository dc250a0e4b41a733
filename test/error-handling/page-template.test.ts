import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { htmlPage, jsonPage, templateProblem, type PageValues } from '../../plugins/core/error-handling/page-template.ts'

const values: PageValues = {
  'error.status': 503,
  'error.code': 'no-target',
  'error.title': 'service unavailable',
  'error.detail': undefined,
  'request.id': '"><script>\'&'
}

test('values are escaped in HTML, what is absent is empty, and all else stays as it is written', () => {
  const page = htmlPage(
    '<p title="${request.id}">${error.status} ${error.code} ${error.title}[${error.detail}]</p><script>`${status} $$ $& ${x.y}`</script>'
  )
  assert.equal(
    page(values),
    '<p title="&quot;&gt;&lt;script&gt;&#39;&amp;">503 no-target service unavailable[]</p><script>`${status} $$ $& ${x.y}`</script>'
  )
})

const names = Object.keys(values) as (keyof PageValues)[]
const text = fc.array(
  fc.oneof(
    fc.constantFrom(...names.map(name => `\${${name}}`)),
    fc.constantFrom('"', '\\', ':', ',', '[', '{', '${', '}', '$'),
    fc.string({ unit: 'binary', maxLength: 4 })
  ),
  { maxLength: 5 }
).map(parts => parts.join(''))
  .filter(whole => templateProblem(whole) === undefined)
/** Keys that JSON.parse of V8 reads as they are: it may take one with an escape for another (nodejs/node#63785). */
const key = text.filter(key => key !== '__proto__' && JSON.stringify(key) === `"${key}"`)
const { document } = fc.letrec<{ document: unknown }>(tie => ({
  document: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(key, tie('document'), { maxKeys: 3 })
  )
}))

/** The same by walking through the document. */
function expected (value: unknown): unknown {
  const filled = (written: string): string => written.replace(
    /\$\{([^{}]*)\}/g,
    (place, name: string) => names.some(known => known === name) ? String(values[name as keyof PageValues] ?? '') : place
  )
  if (typeof value === 'string') {
    const alone = names.find(name => value === `\${${name}}`)
    return alone === undefined ? filled(value) : values[alone] ?? null
  }
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [filled(key), expected(inner)]))
  }
  return value
}

test('whatever stands in a JSON page and whatever is filled in, it is JSON with the values in their places', () => {
  fc.assert(fc.property(fc.dictionary(key, document, { maxKeys: 4 }), page => {
    assert.deepEqual(JSON.parse(jsonPage(page)(values)), expected(page))
  }), { numRuns: 300 })
})

test('an unknown placeholder is a problem, with the nearest valid one', () => {
  assert.equal(templateProblem('${error.status} ${request.id} ${anything} ${a.b}'), undefined)
  assert.match(templateProblem('${error.staus}')!, /\$\{error\.staus\} is unknown: expected error\.status/)
  assert.match(templateProblem('${request.}')!, /expected/)
})
