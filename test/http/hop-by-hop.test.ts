/** What Connection nominates. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { connectionTokens, listHas } from '../../src/http/hop-by-hop.ts'

test('names in Connection are read in any case, white space and order', () => {
  const cases: ReadonlyArray<readonly [string | undefined, readonly string[]]> = [
    [undefined, []], ['', []], ['close', []], ['Keep-Alive', []], ['Upgrade, HTTP2-Settings', []], ['close, X-Foo', ['x-foo']], [
      'x-foo,X-FOO ,\tx-bar,,',
      ['x-foo', 'x-bar']
    ], ['Content-Length, HOST', []], ['__proto__', ['__proto__']]
  ]
  for (const [value, names] of cases) assert.deepEqual([...connectionTokens(value)], names, value)
})

test('a list has a member whatever its case and parameters', () => {
  assert.equal(listHas('gzip;q=0.5, Trailers', 'trailers'), true)
  assert.equal(listHas('trailersx', 'trailers'), false)
  assert.equal(listHas(undefined, 'trailers'), false)
})
