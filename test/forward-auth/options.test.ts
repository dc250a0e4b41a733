/** Mistakes in the options of forward-auth are shown where they stand. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkForwardAuthOptions, ForwardAuthOptionsSchema, type ForwardAuthOptions } from '../../plugins/policies/forward-auth/options.ts'
import { validate } from '../../src/config/check/validate.ts'

function problems (written: object): string[] {
  const { value, problems: found } = validate(ForwardAuthOptionsSchema, written)
  const seen = found.map(({ pointer, message }) => `${pointer} ${message}`)
  if (seen.length === 0) checkForwardAuthOptions(value as ForwardAuthOptions, ({ pointer, message, severity }) => { seen.push(`${severity === 'warning' ? '! ' : ''}${pointer} ${message}`) })
  return seen
}

const url = 'https://auth.internal/verify'

for (const [what, written, expected] of [
  ['a URL is enough', { url }, undefined],
  ['a path', { url: '/verify' }, /^\/url must be an absolute http: or https: URL/],
  ['a service without encryption', { url: 'http://auth.internal' }, /^! \/url .*unencrypted/],
  ['a field that frames the message', { url, requestHeaders: ['content-length'] }, /^\/requestHeaders\/0 .*cannot be copied/],
  ['a field that says where a request came from', { url, requestHeaders: ['x-forwarded-for'] }, /^\/requestHeaders\/0 .*tells the service itself/],
  ['a field that has another meaning', { url, upstreamHeaders: ['Host'] }, /^\/upstreamHeaders\/0 must not be "Host"/],
  ['credentials for the upstream', { url, upstreamHeaders: ['authorization', 'Cookie'] }, undefined],
  ['a field of the service\'s own message', { url, refusalHeaders: ['Content-Type'] }, /^\/refusalHeaders\/0 .*cannot be copied/],
  ['no name', { url, upstreamHeaders: ['x user'] }, /^\/upstreamHeaders\/0 expected the name of a header/],
  ['a key that is none', { url, requestHeaders: ['authorization'], cache: { key: ['header:authorization', 'user'] } }, /^\/cache\/key\/1 must be ip/],
  ['a key that leaves out a credential', { url, cache: { key: 'header:authorization' } }, /^! \/cache\/key .*"cookie".*another/],
  ['a key with one cookie of all', { url, cache: { key: ['header:authorization', 'cookie:session'] } }, undefined]
] as const) {
  test(`${what}: ${expected === undefined ? 'nothing to say' : 'said at its place'}`, () => {
    const found = problems(written)
    if (expected === undefined) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), expected)
  })
}
