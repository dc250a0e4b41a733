import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { suite, test } from 'node:test'
import { commandLine } from './captured.ts'

const login = 'login: { plugin: jwt-auth, secret: onedoor-development-secret-for-tests, issuer: [here, there], scopes: [read, write] }'
const routes = 'routes: [{ path: /a, respond: {}, policies: [login] }]'

function claimsOf (token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>
}

suite('onedoor token', () => {
  test('writes a token to standard output and nothing else, with the claims that were asked for', async t => {
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': `policies:\n  ${login}\n${routes}\n` } })
    const { status, stdout, stderr } = await onedoor(
      'token',
      'login',
      '--sub',
      'alice',
      '--scope',
      'read',
      '--expires',
      '5m',
      '--claim',
      'admin=true',
      '--claim',
      'team=blue=green'
    )
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const { iat, exp, ...claims } = claimsOf(stdout)
    assert.deepEqual(claims, { sub: 'alice', scope: 'read', iss: 'here', admin: true, team: 'blue=green' })
    assert.equal((exp as number) - (iat as number), 300)
  })

  test('without options it is one that the policy lets through', async t => {
    const { onedoor } = commandLine(t, { files: { 'gateway.yaml': `policies:\n  ${login}\n${routes}\n` } })
    const token = (await onedoor('token')).stdout.trim()
    assert.match((await onedoor('explain', '/a', '-H', `authorization: Bearer ${token}`)).stdout, /^→ 200$/m)
  })

  test('a policy with a public key needs the private one, and then accepts what it signs', async t => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
    })
    const { onedoor } = commandLine(t, { files: {
      'gateway.yaml': `policies:\n  login: { plugin: jwt-auth, publicKey: "\${file:public.pem}", algorithms: [ES256] }\n${routes}\n`,
      'public.pem': publicKey,
      'private.pem': privateKey
    } })
    const without = await onedoor('token')
    assert.equal(without.status, 1)
    assert.match(without.stderr, /--private-key FILE/)
    const token = (await onedoor('token', '--private-key', 'private.pem')).stdout.trim()
    assert.match((await onedoor('explain', '/a', '-H', `authorization: Bearer ${token}`)).stdout, /^→ 200$/m)
  })

  test('warns when the policy requires a claim that the token will not have', async t => {
    const { onedoor } = commandLine(t, {
      files: {
        'gateway.yaml': `policies:
  login: { plugin: jwt-auth, secret: onedoor-development-secret-for-tests, requiredClaims: [exp, tenant] }
${routes}
`
      }
    })
    const { stdout, stderr } = await onedoor('token')
    assert.match(stderr, /requires tenant/)
    assert.equal(claimsOf(stdout)['sub'], 'developer')
    assert.equal((await onedoor('token', '--claim', 'tenant=x')).stderr, '')
  })

  test('of several policies one must be named, and a misspelt one is found', async t => {
    const { onedoor } = commandLine(t, {
      files: {
        'gateway.yaml': `policies:
  ${login}
  staff: { plugin: jwt-auth, secret: onedoor-development-secret-for-tests }
routes: [{ path: /a, respond: {}, policies: [login, staff] }]
`
      }
    })
    assert.match((await onedoor('token')).stderr, /for which policy\? — login, staff/)
    const misspelt = await onedoor('token', 'logn')
    assert.equal(misspelt.status, 2)
    assert.match(misspelt.stderr, /did you mean "login"\?/)
  })

  test('without any such policy there is nothing to sign for', async t => {
    const { status, stderr } = await commandLine(t, { files: { 'gateway.yaml': 'routes: [{ path: /a, respond: {} }]\n' } }).onedoor('token')
    assert.equal(status, 1)
    assert.match(stderr, /no policy of this configuration verifies tokens/)
  })
})
