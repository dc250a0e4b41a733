/** User and password as they come in Authorization. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBasic as readFields, type BasicCredential } from '../../plugins/policies/basic-auth/credential.ts'
import { RequestFields } from '../../src/http/request-fields.ts'

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')
const readBasic = (rawHeaders: string[]): BasicCredential => readFields(new RequestFields({ rawHeaders, headers: {} }))
const read = (value: string): string => {
  const found = readBasic(['Host', 'a', 'AUTHORIZATION', value])
  return found.kind === 'credential' ? `${found.user}|${found.password}` : found.kind
}

test('S1-26 the scheme may be in any case, the first colon ends the name, and letters are UTF-8', () => {
  for (const [value, found] of [
    [`Basic ${base64('Aladdin:open sesame')}`, 'Aladdin|open sesame'], [`bAsIc ${base64('a:b:c:')}`, 'a|b:c:'],
    ['Basic dGVzdDoxMjPCow==', 'test|123£'], [`Basic ${base64(':')}`, '|'], [`Basic ${base64('a:')}`, 'a|'],
    ['Bearer abc', 'missing'], ['Basically', 'missing'], ['', 'missing']
  ] as const) assert.equal(read(value), found, value)
  assert.equal(readBasic(['Host', 'a']).kind, 'missing')
})

test('what two readers could read differently is none', () => {
  const good = base64('ada:secret')
  for (const value of [
    'Basic', 'Basic ', `Basic  ${good}`, `Basic\t${good}`, `Basic ${good} `, `Basic ${good}=`, `Basic ${good.replaceAll('=', '')}`,
    `Basic ${good}, Basic ${good}`, 'Basic a-_b', `Basic ${base64('nocolon')}`, `Basic ${base64('a:b\n')}`, `Basic ${base64('a\0:b')}`,
    `Basic ${base64(Buffer.from('münchen:x', 'latin1'))}`, `Basic ${base64(`a:${'x'.repeat(3000)}`)}`, 'Basic YTpi\u00ff'
  ]) {
    assert.equal(read(value), 'malformed', value)
  }
  assert.equal(readBasic(['authorization', `Basic ${good}`, 'Authorization', `Basic ${good}`]).kind, 'malformed')
  assert.equal(readBasic(['authorization', 'Bearer x', 'Authorization', `Basic ${good}`]).kind, 'malformed')
})
