/** What `onedoor check` says about `tls.acme`. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { commandLine } from '../cli/captured.ts'

const shop = '  - { path: /*, host: shop.example, respond: {} }\n'

type Checked = Awaited<ReturnType<ReturnType<typeof commandLine>['onedoor']>>

async function check (t: TestContext, acme: string, routes = shop, ...options: string[]): Promise<Checked> {
  const yaml = `listeners:\n  - port: 8443\n    tls:\n      acme: { ${acme} }\nroutes:\n${routes}`
  return await commandLine(t, { files: { 'gateway.yaml': yaml } }).onedoor('check', ...options)
}

test('it says which hosts a certificate is requested for, and where', async t => {
  const more = '  - { path: /a, host: [A.example, shop.example], respond: {} }\n'
  const { status, stdout, stderr } = await check(t, 'agreeToTerms: true', shop + more)
  assert.deepEqual([status, stderr], [0, ''])
  assert.match(stdout, /^2 certificates from acme-v02\.api\.letsencrypt\.org: a\.example, shop\.example$/m)
  const shared = await check(t, 'agreeToTerms: true, hosts: [[a.example, b.example]], directory: "https://ca.internal/dir"')
  assert.match(shared.stdout, /^1 certificate from ca\.internal: a\.example\+b\.example$/m)
  const json = await check(t, 'agreeToTerms: true', shop, '--json')
  assert.deepEqual((JSON.parse(json.stdout) as { certificates: unknown }).certificates, [
    { directory: 'https://acme-v02.api.letsencrypt.org/directory', hosts: ['shop.example'] }
  ])
})

test('without an agreement to the terms nothing is requested, and the file is refused with the reason', async t => {
  for (const acme of ['', 'agreeToTerms: false']) {
    const { status, stderr } = await check(t, acme)
    assert.equal(status, 1)
    assert.match(stderr, /^gateway\.yaml:4:7 {2}a certificate authority issues .* only to those who agree.*letsencrypt\.org\/repository/m)
    assert.match(stderr, /^ {5}\| {7}\^{4}$/m)
  }
})

const agreed = 'agreeToTerms: true'
const refused: readonly (readonly [string, string, RegExp])[] = [
  ['a pattern', `${agreed}, hosts: ["*.shop.example"]`, /^gateway\.yaml:4:\d+ {2}no certificate can be .* for "\*\.shop\.example"/m],
  ['an address in a shared certificate', `${agreed}, hosts: [[a.example, 10.0.0.7]]`, /:4:\d+ {2}no certificate .* address 10\.0\.0\.7/],
  ['a directory without encryption', `${agreed}, directory: "http://ca.example/dir"`, /over https: only .* — https:\/\/ca\.example\/dir/],
  ['a directory that is no URL', `${agreed}, directory: ca`, /must be an absolute https: URL, got "ca"/],
  ['an address that is no email', `${agreed}, email: nobody`, /expected an email address/],
  ['a challenge that does not exist', `${agreed}, challenge: dns-01`, /expected one of http-01, tls-alpn-01/]
]
for (const [what, acme, expected] of refused) {
  test(`it refuses ${what}, with its place`, async t => {
    const { status, stderr } = await check(t, acme)
    assert.equal(status, 1)
    assert.match(stderr, expected)
  })
}

test('routes without a host give nothing to request, and patterns among their hosts are warned of', async t => {
  const none = await check(t, agreed, '  - { path: /*, respond: {} }\n')
  assert.match(none.stderr, /^gateway\.yaml:4:7 {2}there is no host to request a certificate for — give routes a "host"/m)
  const some = await check(t, agreed, `${shop}  - { path: /a, host: "*.shop.example", respond: {} }\n`)
  assert.equal(some.status, 0)
  assert.match(some.stderr, /^gateway\.yaml:7:\d+ {2}warning: no certificate can be requested for "\*\.shop\.example"/m)
})
