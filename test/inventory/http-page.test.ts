/** The page of protocol decisions: every row has a section of an RFC, and a test that exists. */

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)

interface Row {
  readonly subject: string
  readonly rfc: string
  readonly file: string
  readonly name: string
}

/** The rows of all tables. */
function rows (): Row[] {
  const page = readFileSync(new URL('docs/reference/http.md', root), 'utf8')
  return page.split('\n').filter(line => /^\| (?!Subject|---)/.test(line)).map(line => {
    const [subject = '', , rfc = '', test = ''] = line.slice(2, -2).split(' | ')
    const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(test) ?? []
    return { subject, rfc, file, name }
  })
}

test('every decision has a test that exists', () => {
  const missing = rows().filter(({ file, name }) => {
    const url = new URL(`test/${file}.test.ts`, root)
    // An apostrophe is escaped in a name.
    return name === '' || !existsSync(url) || !readFileSync(url, 'utf8').replaceAll("\\'", "'").includes(name)
  })
  assert.deepEqual(missing, [])
})

test('every decision names the section of an RFC', () => {
  assert.ok(rows().length > 40)
  assert.deepEqual(rows().filter(({ rfc }) => !/^\d{4}(?: §[\d.]+)?(?:, (?:\d{4}(?: §[\d.]+)?|§[\d.]+))*$/.test(rfc)), [])
})
