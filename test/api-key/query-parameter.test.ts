/** Taking one parameter out of a query changes nothing else. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parameterValues, withoutParameter } from '../../plugins/policies/api-key/query-parameter.ts'

test('the parameter is found however its name is encoded, and its value decoded as forms are', () => {
  for (const [query, values] of [
    ['', []], ['?', []], ['?a=1', []], ['?key=K', ['K']], ['?a=1&key=K&b', ['K']], ['?k%65y=K', ['K']], [
      '?%6B%65%79=a%2Bb+c',
      ['a+b c']
    ], ['?key', ['']], ['?key=', ['']],
    ['?key=a=b', ['a=b']], ['?key=1&k%65y=2', ['1', '2']], ['?key=%zz', [undefined]], [
      '?Key=1&keys=2&xkey=3&key[]=4',
      []
    ], ['??key=K', []], ['?a=1;key=K', []]
  ] as const) assert.deepEqual(parameterValues(query, 'key'), values, query)
})

test('what is left keeps its bytes', () => {
  for (const [query, left] of [
    ['', ''], ['?', '?'], ['?key=K', ''], ['?key=K&a=1', '?a=1'], ['?a=1&key=K', '?a=1'], [
      '?a=%7e+%C3%B6&k%65y=K&&b==&',
      '?a=%7e+%C3%B6&&b==&'
    ], ['?key=1&key=2', ''], ['?key=K&', '?'], ['?b=?key=K', '?b=?key=K']
  ] as const) assert.equal(withoutParameter(query, 'key'), left, query)
})

test('S1-26 whatever stands beside the parameter arrives byte for byte, in its order', () => {
  const other = fc.stringMatching(/^[!-%'-~]{0,12}$/).filter(pair => parameterValues(`?${pair}`, 'key').length === 0)
  const named = fc.tuple(
    fc.constantFrom('key', 'k%65y', '%6bey', '%6B%65%79'),
    fc.constantFrom('', '=', '=K', '=%zz', '=a=b')
  ).map(([name, value]) => name + value)
  fc.assert(fc.property(fc.array(
    fc.oneof({ weight: 3, arbitrary: other.map(text => ({ text, keep: true })) }, named.map(text => ({ text, keep: false }))),
    { minLength: 1, maxLength: 12 }
  ), pairs => {
    const query = `?${pairs.map(({ text }) => text).join('&')}`
    const kept = pairs.filter(({ keep }) => keep).map(({ text }) => text)
    assert.equal(withoutParameter(query, 'key'), kept.length === 0 ? '' : `?${kept.join('&')}`)
    assert.equal(parameterValues(query, 'key').length, pairs.length - kept.length)
    assert.equal(withoutParameter(withoutParameter(query, 'key'), 'key'), withoutParameter(query, 'key'))
  }), { numRuns: 1000 })
})
