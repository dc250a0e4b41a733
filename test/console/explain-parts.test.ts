/** What the view of a rehearsal computes: its link, its outcome, and the commands to copy. */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Rehearsal } from '../../src/contract/rehearsal.ts'
import { explainCommands, explainForm, explainOutcome } from './client.ts'

const { formOf, linkOf, requestOf, secretsOf } = explainForm
const { curlOf, onedoorOf, originOf, quoted } = explainCommands
const { fieldsOf, kindOf, outcomeOf, placeOf } = explainOutcome

const form = (parts: object = {}) => ({ method: 'GET', url: '/a', ip: '', headers: '', withSecrets: false, leftOut: '', ...parts })

test('a link has the whole form, and gives the same form again', () => {
  const headers = 'x-a: 1\nx-b: é & ?=#'
  const link = linkOf(form({ method: 'POST', url: '/a?b=c&d#', ip: '::1', headers }))
  const again = formOf(new URLSearchParams(link))
  assert.deepEqual(again, form({ method: 'POST', url: '/a?b=c&d#', ip: '::1', headers }))
  assert.deepEqual(formOf(new URLSearchParams('url=/&header=a:1&header=b:2')), form({ url: '/', headers: 'a:1\nb:2' }))
  assert.deepEqual(formOf(new URLSearchParams('')), form({ url: '' }))
})

test('credentials are not in the link unless they are asked for, and the link names what it leaves out', () => {
  const names = [
    'Authorization', 'proxy-authorization', 'Cookie', 'X-API-Key', 'apikey', 'x-auth-request', 'x-csrf-token', 'x-session-id', 'x-signature'
  ]
  const headers = ['accept: */*', ...names.map(name => `${name}: hidden`), 'x-plain: eyJhbGciOiJIUzI1NiJ9.e30.hidden'].join('\n')
  const secret = form({ headers, url: 'https://me:hidden@a.example/b?access_token=hidden' })
  const link = linkOf(secret)
  assert.doesNotMatch(String(new URLSearchParams(link)), /hidden|eyJ/)
  assert.deepEqual([link['header'], link['url']], ['accept: */*', 'https://a.example/b'])
  assert.equal(link['without'], [...names.map(name => name.toLowerCase()), 'x-plain', 'credentials of the URL'].join(', '))
  const open = linkOf({ ...secret, withSecrets: true })
  assert.deepEqual([open['header'], open['url'], open['without']], [headers, secret.url, ''])
  // Who opens such a link and explains again has not lost them.
  assert.equal(formOf(new URLSearchParams(open)).withSecrets, true)
  assert.equal(formOf(new URLSearchParams(link)).leftOut, link['without'])
  assert.deepEqual(secretsOf(form({ url: '/a?page=2', headers: 'accept: text/html' })), [])
})

test('the gateway is asked for what was entered, without empty lines', () => {
  const asked = requestOf(form({ url: ' /a ', headers: '\n x-a: 1 \n\nx-b:\n' }))
  assert.deepEqual(asked, { method: 'GET', url: '/a', header: ['x-a: 1', 'x-b:'] })
  assert.deepEqual(requestOf(form({ ip: ' ::1 ' })), { method: 'GET', url: '/a', header: [], ip: '::1' })
})

const rehearsal = (outcome: Partial<Rehearsal['outcome']>, decisions: Rehearsal['decisions'] = [], unknown: string[] = []): Rehearsal => ({
  method: 'GET', url: '/', route: '/', candidates: [], decisions, unknown,
  outcome: {
    status: 200, code: undefined, location: undefined, upstream: undefined, target: undefined, forwards: undefined, ...outcome
  }
})

test('the outcome is said in one line, with whom it is from', () => {
  const forwards = { method: 'GET', path: '/base/a', headers: [] }
  const target = 'http://127.0.0.1:9001/base'
  const allowed = { by: 'login', verdict: 'allowed', why: '' }
  for (const [given, expected] of [
    [rehearsal({ forwards, target }, [allowed]), ['good', 'GET http://127.0.0.1:9001/base/a', undefined]],
    [rehearsal({ forwards, target }, [allowed], ['login']), ['notice', 'GET http://127.0.0.1:9001/base/a', undefined]],
    [rehearsal({ status: 429, code: 'rate-limited' }, [allowed, { by: 'each', verdict: 'refused', why: '' }]),
      ['warning', '429 rate-limited', 'each']],
    [rehearsal({ status: 503, code: 'no-target' }, [{ by: 'health-checks', verdict: 'closed', why: '' }]),
      ['critical', '503 no-target', undefined]],
    [rehearsal({ status: 308, location: '/new' }), ['good', '308 /new', undefined]],
    [rehearsal({}, [{ by: 'gate', verdict: 'responded', why: '' }]), ['good', '200', 'gate']]
  ] as const) {
    const { kind, what, by } = outcomeOf(given)
    assert.deepEqual([kind, what, by], expected)
  }
  assert.deepEqual(['allowed', 'refused', 'closed', 'failed', 'unknown', 'exempt'].map(kindOf), [
    'good', 'warning', 'warning', 'critical', 'notice', 'off'
  ])
})

test('header fields are compared with those that were entered', () => {
  const headers = ['x-a', '1', 'x-b', '3', 'authorization', '[redacted]', 'x-token', '[redacted]', 'via', '1.1 onedoor', 'x-c', '1, 2']
  const entered = 'X-A: 1\nx-b: 2\nAuthorization: Bearer x\nconnection: close\nx-c: 1\nx-c:2'
  assert.deepEqual(fieldsOf({ headers }, entered).map(({ name, value, origin }) => [name, value, origin]), [
    ['x-a', '1', 'entered'], ['x-b', '3', 'changed'], ['authorization', '[redacted]', 'hidden'], ['x-token', '[redacted]', 'added'],
    ['via', '1.1 onedoor', 'added'], ['x-c', '1, 2', 'entered'], ['connection', undefined, 'dropped']
  ])
})

test('a decision leads to what has decided', () => {
  const policies = { each: { plugin: 'rate-limiting' }, login: { plugin: 'jwt-auth' } }
  assert.deepEqual(placeOf({ by: 'each' }, {}, policies), { view: 'limits', parameters: { filter: 'each' } })
  assert.deepEqual(placeOf({ by: 'health-checks' }, { upstream: 'users' }, policies), { view: 'upstreams', item: 'users' })
  assert.equal(placeOf({ by: 'health-checks' }, {}), undefined)
  assert.equal(placeOf({ by: 'login' }, { upstream: 'users' }, policies), undefined)
})

test('a word of a shell is what it was, whatever is in it', () => {
  for (const [text, word] of [
    ['/users/1', '/users/1'], ['', "''"], ["it's", "'it'\\''s'"],
    ['$HOME `id` "a" \\', '\'$HOME `id` "a" \\\''], ['a\nb', "'a\nb'"], ['~', "'~'"]
  ] as const) assert.equal(quoted(text), word)
  const bytes = fc.string({ unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '!', '*', '~', '#', ';', 'a', 'é', '-', '=') })
  fc.assert(fc.property(fc.array(bytes, { minLength: 1, maxLength: 40 }), words => {
    const script = `for word in ${words.map(quoted).join(' ')}; do printf '%s\\0' "$word"; done`
    assert.deepEqual(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1), words)
  }), { numRuns: 20 })
})

test('curl sends the request that was rehearsed', () => {
  const origin = 'http://127.0.0.1:8080'
  for (const [parts, command] of [
    [{}, 'curl -i http://127.0.0.1:8080/a'],
    [{ method: 'POST', url: '/a?b=$c&d' }, "curl -i -X POST 'http://127.0.0.1:8080/a?b=$c&d'"],
    [{ method: 'HEAD', headers: "x-a: it's\nx-b:" }, "curl -i --head -H 'x-a: it'\\''s' -H 'x-b;' http://127.0.0.1:8080/a"],
    [{ url: 'https://shop.example/a' }, "curl -i -H 'Host: shop.example' http://127.0.0.1:8080/a"],
    [{ url: '/a/../[1]' }, "curl -i --globoff --path-as-is 'http://127.0.0.1:8080/a/../[1]'"],
    [{ method: 'OPTIONS', url: '*' }, "curl -i -X OPTIONS --request-target '*' http://127.0.0.1:8080"]
  ] as const) assert.equal(curlOf(form(parts), origin), command)
  const headers = Array.from({ length: 4 }, (_, index) => `x-some-long-name-${index}: value`).join('\n')
  assert.match(curlOf(form({ headers }), origin), /^curl -i \\\n {2}-H 'x-some-long-name-0: value' \\\n {2}-H/)
  assert.equal(onedoorOf(form({ headers: 'x-a: $b', ip: '::1' })), "onedoor explain GET /a -H 'x-a: $b' --ip ::1 --live")
})

test('the address of the gateway is that of its first listener, where it has a port', () => {
  const at = (listener?: object): string | undefined => originOf({ listeners: listener === undefined ? [] : [listener] }, 'here.example')
  assert.equal(at({ host: '0.0.0.0', port: 8080 }), 'http://here.example:8080')
  assert.equal(at({ host: '::', port: 8443, tls: {} }), 'https://here.example:8443')
  assert.equal(at({ host: '::1', port: 80 }), 'http://[::1]:80')
  assert.deepEqual([at({ host: '127.0.0.1', port: 0 }), at({ path: '/run/a.sock' }), at()], [undefined, undefined, undefined])
})
