import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEvents, YAMLException } from 'js-yaml'
import { exceededDepth, kindOfSyntaxError, type SyntaxErrorKind } from '../../src/internals/js-yaml-errors.ts'

const texts: Readonly<Record<SyntaxErrorKind, string>> = {
  tab: 'a:\n  b: 1\n\tc: 2\n',
  'control-character': 'a: \u0001\n',
  'null-byte': 'a: \0\n',
  'mapping-indentation': 'a: 1\n  b: 2\n',
  'sequence-indentation': '-\t- a\n',
  colon: '? a\nb',
  'too-little-indentation': 'a:\n  b: [\n1 ]\n',
  comma: '{a: 1 b: 2}',
  'double-quote': 'a: "b',
  'single-quote': 'a: \'b',
  'flow-end': '[1'
}

function reasonOf (text: string, maxDepth = 100): string {
  try {
    parseEvents(text, { maxDepth })
  } catch (error) {
    if (error instanceof YAMLException) return error.reason
    throw error
  }
  return ''
}

for (const [kind, text] of Object.entries(texts)) {
  test(`js-yaml 5.x: the reason of an error is the known one for ${kind}`, () => {
    const reason = reasonOf(text)
    assert.equal(kindOfSyntaxError(reason), kind, reason)
  })
}

test('js-yaml 5.x: the reason for what is nested too deeply names the depth', () => {
  assert.equal(exceededDepth(reasonOf('[[[[[[[[]]]]]]]]', 5)), '5')
})
