/** Redirects of all hosts: from http to https, and to the host with or without `www.`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalUrl } from '../../plugins/core/canonical-urls/canonical-url.ts'
import { commandLine } from '../cli/captured.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'

const asked = (url: string) => {
  const [, scheme, authority, path] = /^(https?):\/\/([^/]*)([^?]*)/.exec(url)!
  return { scheme, authority, path: path!, query: new URL(url).search }
}

const cases: [url: string, wanted: { httpsPort?: number, www?: 'add' | 'remove' }, location: string | undefined][] = [
  ['http://a.example/x?y=1', { httpsPort: 443 }, 'https://a.example/x?y=1'],
  ['http://a.example:8080/', { httpsPort: 443 }, 'https://a.example/'],
  ['http://[::1]:8080/', { httpsPort: 443 }, 'https://[::1]/'],
  ['https://a.example/', { httpsPort: 443 }, undefined],
  ['http://a.example:8080/x', { httpsPort: 8443 }, 'https://a.example:8443/x'],
  ['http://a.example/', {}, undefined],
  ['http://a.example/.well-known/acme-challenge/t', { httpsPort: 443 }, undefined],
  ['http://www.a.example/p', { httpsPort: 443, www: 'remove' }, 'https://a.example/p'],
  ['https://www.a.example/p', { www: 'remove' }, 'https://a.example/p'],
  ['http://WWW.a.example:81/p', { www: 'remove' }, 'http://a.example:81/p'],
  ['https://www.example/', { www: 'remove' }, undefined],
  ['https://a.example/', { www: 'remove' }, undefined],
  ['http://a.example/', { httpsPort: 443, www: 'add' }, 'https://www.a.example/'],
  ['http://www.a.example/', { www: 'add' }, undefined],
  ['http://192.0.2.1/', { www: 'add' }, undefined],
  ['http://[::1]/', { www: 'add' }, undefined],
  ['http://localhost/', { www: 'add' }, undefined]
]

test('a request goes to its canonical URL, in one step, and one that is there stays', () => {
  for (const [url, { httpsPort, www }, location] of cases) {
    assert.equal(canonicalUrl(asked(url), { httpsPort, www }), location, url)
    if (location !== undefined) assert.equal(canonicalUrl(asked(location), { httpsPort, www }), undefined)
  }
  const wanted = { httpsPort: 443, www: undefined }
  assert.equal(canonicalUrl({ scheme: undefined, authority: 'a.example', path: '/', query: '' }, wanted), undefined)
  assert.equal(canonicalUrl({ scheme: 'http', authority: 'a.example', path: '*', query: '' }, wanted), undefined)
})

test('all hosts and paths are redirected before routes and policies; other requests are served', async t => {
  const yaml = (trusted: string) => `server: { host: 127.0.0.1, port: 0, trustProxy: [${trusted}], redirect: { https: true, www: remove } }
policies: { nobody: { plugin: ip-filter, deny: [0.0.0.0/0] } }
routes: [{ path: /users/*, respond: {} }, { path: /closed, respond: {}, policies: [nobody] }]`
  const { url, gateway } = await startGateway(t, yaml('loopback'))
  const ask = async (path: string, headers: Record<string, string>) => {
    const { status, headers: { location } } = await send(url, path, { headers })
    return [status, location]
  }
  const http = { 'x-forwarded-proto': 'http' }
  assert.deepEqual(await ask('/users/1?a=b', { ...http, host: 'a.example' }), [308, 'https://a.example/users/1?a=b'])
  assert.deepEqual(await ask('/closed', { ...http, host: 'www.b.example' }), [308, 'https://b.example/closed'])
  assert.deepEqual(await ask('/nowhere', { ...http, host: 'a.example' }), [308, 'https://a.example/nowhere'])
  assert.deepEqual(await ask('/users/1', { 'x-forwarded-proto': 'https', host: 'a.example' }), [200, undefined])
  assert.deepEqual(await ask('/users/1', { host: 'a.example' }), [200, undefined])
  const { outcome, decisions } = await gateway.explain({ method: 'GET', url: 'http://www.a.example/users/1' })
  assert.deepEqual([outcome.status, outcome.location], [308, 'http://a.example/users/1'])
  assert.ok(decisions.some(({ by, verdict }) => by === 'canonical-urls' && verdict === 'redirected'))
  // From a peer that is not trusted, the field says nothing.
  const other = await startGateway(t, yaml('10.0.0.0/8'))
  assert.equal((await send(other.url, '/users/1', { headers: { ...http, host: 'a.example' } })).status, 200)
})

test('a redirect that would never end, and one of nothing, are refused with their place', async t => {
  const { onedoor } = commandLine(t, { files: {
    'loop.yaml': 'server: { redirect: { https: true } }\nroutes: [{ path: /, respond: {} }]',
    'nothing.yaml': 'server: { redirect: { https: false } }\nroutes: [{ path: /, respond: {} }]'
  } })
  assert.match((await onedoor('check', 'loop.yaml')).stderr, /loop\.yaml:1:30 {2}only a proxy in front knows the scheme/)
  assert.match((await onedoor('check', 'nothing.yaml')).stderr, /nothing\.yaml:1:21 {2}redirects nothing/)
})
