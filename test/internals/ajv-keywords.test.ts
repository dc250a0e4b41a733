import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { keywordsOf } from '../../src/internals/ajv-keywords.ts'

test('ajv 8.x: RULES.keywords names all keywords, those without a meaning and added ones included', () => {
  const ajv = new Ajv({ strict: true })
  ajv.addVocabulary(['own'])
  const known = keywordsOf(ajv)
  const some = ['type', 'properties', 'required', 'if', 'then', 'format', '$ref', '$id', 'title', 'default', 'definitions', 'own']
  for (const keyword of some) assert.ok(known.has(keyword), keyword)
  for (const keyword of ['tpye', 'constructor', 'toString']) assert.ok(!known.has(keyword), keyword)
})
