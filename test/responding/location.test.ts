/** Where a redirect sends a client. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkLocation, compileLocation } from '../../plugins/core/responding/location.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'

const to = (
  text: string,
  more: { host?: string | undefined, path?: string, query?: string, params?: Record<string, string> } = {}
): string | undefined => {
  assert.equal(checkLocation(text), undefined, text)
  return compileLocation(text)({
    host: 'shop.example',
    path: '/a%2Fb',
    query: '?q=1',
    rawParams: () => more.params ?? { id: '7%2F8' },
    ...more
  })
}

for (const [text, expected] of [
  ['/', '/?q=1'], ['/v2/${params.id}', '/v2/7%2F8?q=1'], ['/x?fixed', '/x?fixed'], ['https://a.example', 'https://a.example/?q=1'], [
    'https://a.example/x/${params.id}',
    'https://a.example/x/7%2F8?q=1'
  ], ['https://a.example?z', 'https://a.example/?z'],
  ['https://${request.host}${request.path}', 'https://shop.example/a%2Fb?q=1'], [
    'https://www.${request.host}${request.path}',
    'https://www.shop.example/a%2Fb?q=1'
  ], ['https://${request.host}/', 'https://shop.example/?q=1'], ['https://${request.host}', 'https://shop.example/?q=1'],
  ['https://${request.host}:8443/v2/${params.id}', 'https://shop.example:8443/v2/7%2F8?q=1'],
  ['https://${request.host}/old${request.path}?', 'https://shop.example/old/a%2Fb?'],
  ['/v2${request.path}', '/v2/a%2Fb?q=1'],
  ['https://${request.host}.${request.host}/', 'https://shop.example.shop.example/?q=1'],
  ['https://a.example/${params.id}${request.path}', 'https://a.example/7%2F8/a%2Fb?q=1']
] as const) test(`${text} is ${expected}`, () => assert.equal(to(text), expected))

test('a request without a host has nowhere to go where the host is asked for', () => {
  assert.equal(to('https://${request.host}${request.path}', { host: undefined }), undefined)
  assert.equal(to('/x', { host: undefined }), '/x?q=1')
})

for (const text of [
  '', 'x', '${request.path}', '//evil.example/x', 'ftp://a/x', 'https:///x', 'https://', 'https://${params.id}/x',
  'https://${header.host}/x', 'https://a${request.host', '/x/${request.path}', '/${request.path}/y',
  '/x/${request.host}', '/x#y', 'https://a b/x', '/x y${request.path}#', '${request.host}/x', '/${header.x}',
  'https://a.example${request.path}x'
]) {
  test(`${text || 'nothing'} is no place to send a client to`, () => assert.notEqual(checkLocation(text), undefined))
}

test('whatever the client writes, it is sent to the host of the file or to the one that it asked', () => {
  fc.assert(fc.property(fc.constantFrom(
    'https://${request.host}${request.path}',
    'https://www.${request.host}/x${request.path}',
    '/v2${request.path}',
    '/v2/${params.id}',
    '/${params.*}',
    '/${params.id}',
    'https://a.example${request.path}'
  ), fc.stringMatching(/^\/[!"$-~]{0,12}$/), fc.stringMatching(/^[!"$-~]{0,8}$/), (text, path, id) => {
    const location = to(text, { path, params: { id, '*': path }, query: '' })
    if (location === undefined) return
    const { host } = new URL(location, 'https://shop.example')
    assert.ok(['shop.example', 'www.shop.example', 'a.example'].includes(host), location)
  }), { numRuns: 1000 })
})

test('http is sent to https of any host, and what is no host goes nowhere', async t => {
  const { url } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, trustProxy: [loopback] }
routes:
  - { path: /*, headers: { x-forwarded-proto: http }, redirect: { to: "https://\${request.host}\${request.path}", status: 301 } }
  - { path: /*, respond: { text: secure } }
`)
  const ask = async (host: string, proto = 'http', path = '/a//b?x=%20') => await exchangeBytes(
    t,
    url,
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Proto: ${proto}\r\nConnection: close\r\n\r\n`
  )
  for (const [host, expected] of [['Shop.Example:8080', 'shop.example'], ['[::1]:80', '[::1]'], ['a.example.', 'a.example']] as const) {
    const { status, headers } = await ask(host)
    assert.deepEqual([status, headers['location']], [301, [`https://${expected}/a//b?x=%20`]])
  }
  assert.equal((await ask('shop.example', 'https')).text, 'secure')
  for (const host of ['evil.example/x', 'a@evil.example', 'evil.example#', '']) assert.equal((await ask(host)).status, 400, host)
})
