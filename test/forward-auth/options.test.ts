/** Problems in the options of forward-auth are reported at their places. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkForwardAuthOptions, ForwardAuthOptionsSchema, type ForwardAuthOptions } from '../../plugins/policies/forward-auth/options.ts'
import { validate } from '../../src/config/check/validate.ts'

function problems (written: object): string[] {
  const { value, problems: found } = validate(ForwardAuthOptionsSchema, written)
  const seen = found.map(({ pointer, message }) => `${pointer} ${message}`)
  if (seen.length === 0) {
    checkForwardAuthOptions(
      value as ForwardAuthOptions,
      ({ pointer, message, severity }) => { seen.push(`${severity === 'warning' ? '! ' : ''}${pointer} ${message}`) }
    )
  }
  return seen
}

const url = 'https://auth.internal/verify'

for (const [what, written, expected] of [
  ['a URL is enough', { url }, undefined],
  ['a path', { url: '/verify' }, /^\/url must be an absolute http: or https: URL/],
  ['a service without encryption', { url: 'http://auth.internal' }, /^! \/url .*unencrypted/],
  ['a service on this machine', { url: 'http://127.0.0.1:9000/verify' }, undefined],
  ['a service on this machine by name', { url: 'http://localhost/verify' }, undefined],
  ['a service on this machine by IPv6', { url: 'http://[::1]:9000' }, undefined],
  ['a name that only begins like an address of this machine', { url: 'http://127.0.0.1.auth.example' }, /^! \/url .*unencrypted/],
  ['a user in the URL', { url: 'https://me@auth.internal' }, /^\/url must not have a user or a password/],
  ['a password in the URL', { url: 'https://:secret@auth.internal' }, /^\/url must not have a user or a password/],
  ['a fragment', { url: 'https://auth.internal/#x' }, /^\/url must not have a fragment/],
  ['another scheme', { url: 'ftp://auth.internal' }, /^\/url must be an absolute http: or https: URL/],
  ['a URL without slashes', { url: 'https:auth.internal' }, /^\/url must be an absolute http: or https: URL/],
  [
    'a field that frames the message, in another case',
    { url, requestHeaders: ['Transfer-Encoding', 'VIA'] },
    /^\/requestHeaders\/0 .*cannot be copied\n\/requestHeaders\/1/
  ],
  ['a field of the connection for the client', { url, responseHeaders: ['x-a', 'Connection'] }, /^\/responseHeaders\/1 .*cannot be copied/],
  ['a length for the client', { url, responseHeaders: ['content-encoding'] }, /^\/responseHeaders\/0 .*cannot be copied/],
  ['a key in another case', { url, requestHeaders: ['Authorization'], cache: { key: 'header:AUTHORIZATION' } }, undefined],
  ['one key that is none', { url, cache: { key: 'user' } }, /^\/cache\/key must be ip/],
  ['a field that frames the message', { url, requestHeaders: ['content-length'] }, /^\/requestHeaders\/0 .*cannot be copied/],
  [
    'a field that says where a request came from',
    { url, requestHeaders: ['x-forwarded-for'] },
    /^\/requestHeaders\/0 .*tells the service itself/
  ],
  ['a field that has another meaning', { url, upstreamHeaders: ['Host'] }, /^\/upstreamHeaders\/0 must not be "Host"/],
  ['credentials for the upstream', { url, upstreamHeaders: ['authorization', 'Cookie'] }, undefined],
  ['a field of the service\'s own message', { url, refusalHeaders: ['Content-Type'] }, /^\/refusalHeaders\/0 .*cannot be copied/],
  ['no name', { url, upstreamHeaders: ['x user'] }, /^\/upstreamHeaders\/0 expected the name of a header/],
  [
    'a key that is none',
    { url, requestHeaders: ['authorization'], cache: { key: ['header:authorization', 'user'] } },
    /^\/cache\/key\/1 must be ip/
  ],
  ['a key that leaves out a credential', { url, cache: { key: 'header:authorization' } }, /^! \/cache\/key .*"cookie".*another/],
  ['a key with one cookie of all', { url, cache: { key: ['header:authorization', 'cookie:session'] } }, undefined]
] as const) {
  test(`${what}: ${expected === undefined ? 'nothing to say' : 'said at its place'}`, () => {
    const found = problems(written)
    if (expected === undefined) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), expected)
  })
}
