/** How the gateway proves to the issuer who it is, and how it finds the endpoint. */

import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID, verify } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startRawTarget, startTarget } from '../helpers/target.ts'
import { createAssertion } from '../../plugins/policies/token-introspection/client-assertion.ts'
import { endpointFinder } from '../../plugins/policies/token-introspection/endpoint.ts'
import type { ServiceClient } from '../../src/service/service-client.ts'
import { codeIn, epoch, openDoor, startIssuer } from './issuer.ts'

test('basic: name and secret are encoded before they are joined, so a colon in the name is none between them', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const { ask } = await openDoor(t, { issuer, client: 'id: "a:b c", secret: "p%ü"' })
  await ask('x')
  assert.equal(issuer.hits[0]!.headers.authorization, `Basic ${Buffer.from('a%3Ab+c:p%25%C3%BC').toString('base64')}`)
})

test('post: name and secret stand in the form', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const { ask } = await openDoor(t, { issuer, client: 'id: door, secret: s&3, authentication: post' })
  await ask('x')
  const { headers, body } = issuer.hits[0]!
  assert.equal(headers.authorization, undefined)
  assert.equal(body.toString(), 'token=x&token_type_hint=access_token&client_id=door&client_secret=s%263')
})

test('private_key_jwt: every question is signed anew, for the endpoint, for a minute', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const client = `id: door, authentication: private_key_jwt, keyId: k1, privateKey: ${JSON.stringify(pem)}`
  const { ask } = await openDoor(t, { issuer, client })
  await ask('x')
  await ask('y')
  const assertions = issuer.hits.map(({ body }) => {
    const form = new URLSearchParams(body.toString())
    assert.equal(form.get('client_id'), 'door')
    assert.equal(form.get('client_assertion_type'), 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    const [head = '', claims = '', signature = ''] = form.get('client_assertion')!.split('.')
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
    assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')))
    assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url').toString()), { alg: 'ES256', typ: 'JWT', kid: 'k1' })
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  })
  const { jti, ...claims } = assertions[0]!
  assert.deepEqual(claims, { iss: 'door', sub: 'door', aud: `${issuer.url}/introspect`, iat: epoch / 1000, exp: epoch / 1000 + 60 })
  assert.notEqual(jti, assertions[1]!['jti'])
})

test('private_key_jwt: the signature is for the audience of the file, and dated in whole seconds that are past', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const client = `id: door, authentication: private_key_jwt, audience: https://login.example, privateKey: ${JSON.stringify(pem)}`
  const { ask } = await openDoor(t, { issuer, time: { now: 999 }, client })
  await ask('x')
  const claims = new URLSearchParams(issuer.hits[0]!.body.toString()).get('client_assertion')!.split('.')[1]!
  const { aud, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  assert.deepEqual([aud, iat], ['https://login.example', epoch / 1000])
})

for (const [authentication, repeated] of [['basic', true], ['post', true], ['private_key_jwt', false]] as const) {
  const cost = repeated ? 'no response' : 'one, because a signature is good for one request'
  test(`a connection that the issuer had just closed costs a client of ${authentication} ${cost}`, async t => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const asked: string[] = []
    const issuer = await startRawTarget(t, socket => {
      let first = true
      socket.on('error', () => {}).on('data', data => {
        asked.push(String(data))
        if (first) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"active":true}')
        else socket.destroy()
        first = false
      })
    })
    const proof = authentication === 'private_key_jwt'
      ? `privateKey: ${JSON.stringify(privateKey.export({ type: 'pkcs8', format: 'pem' }))}`
      : 'secret: s3cret'
    const { codeOf } = await openDoor(t, { issuer, client: `id: door, authentication: ${authentication}, ${proof}` })
    assert.equal(await codeOf('x'), undefined)
    await new Promise(setImmediate)
    assert.equal(await codeOf('y'), repeated ? undefined : 'identity-unavailable')
    assert.match(asked[0]!, /\r\naccept: application\/json\r\n/i)
  })
}

for (const [kind, key, algorithm] of [
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'RS256'],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'ES384'],
  ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey, 'ES512'],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey, 'EdDSA']
] as const) {
  test(`a key of kind ${kind} signs with ${algorithm}`, () => {
    const pem = String(key.export({ type: 'pkcs8', format: 'pem' }))
    const assertion = createAssertion({ id: 'door', privateKey: pem }, 'issuer', { wall: epoch, id: randomUUID() })
    assert.equal((JSON.parse(Buffer.from(assertion.split('.')[0]!, 'base64url').toString()) as { alg: string }).alg, algorithm)
  })
}

/** An issuer with a discovery document, and a gateway that knows no more than its URL. */
async function discovered (t: TestContext, document: (url: string) => object) {
  const issuer = await startTarget(t, (request, response, hit) => {
    response.setHeader('content-type', 'application/json')
    const url = `http://${hit.headers.host}`
    const discovery = request.url === '/realm/.well-known/openid-configuration'
    response.end(JSON.stringify(discovery ? document(url) : { active: true, iss: `${url}/realm` }))
  })
  const time = { now: 0 }
  const { url } = await startGateway(t, `
policies: { login: { plugin: token-introspection, discovery: "${issuer.url}/realm", client: { id: door, secret: s3cret } } }
routes: [{ path: /, respond: { text: in }, policies: [login] }]
`, { clock: { now: () => time.now, wall: () => epoch + time.now } })
  const ask = async (token: string) => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    return { status: answer.status, text: await answer.text() }
  }
  return { issuer, ask, time, paths: () => issuer.hits.map(hit => hit.url) }
}

test('discovery: the issuer says where its endpoint is, and is asked so once an hour', async t => {
  const { ask, paths, time } = await discovered(t, url => ({ issuer: `${url}/realm`, introspection_endpoint: `${url}/realm/check` }))
  for (const token of ['a', 'b']) assert.equal((await ask(token)).status, 200)
  assert.deepEqual(paths(), ['/realm/.well-known/openid-configuration', '/realm/check', '/realm/check'])
  time.now = 3_600_000
  await ask('c')
  // No request waits for it, so it may come after the response.
  while (paths().length < 5) await new Promise(setImmediate)
  assert.deepEqual(paths().slice(3).toSorted(), ['/realm/.well-known/openid-configuration', '/realm/check'])
})

test('discovery: an endpoint that was found serves on while the issuer says nothing of itself any more', async t => {
  let broken = false
  const repaired = (url: string): object => ({ issuer: `${url}/realm`, introspection_endpoint: `${url}/realm/check` })
  const { ask, paths, time } = await discovered(t, url => broken ? {} : repaired(url))
  assert.equal((await ask('a')).status, 200)
  broken = true
  time.now = 3_600_000
  for (const token of ['b', 'c', 'd']) assert.equal((await ask(token)).status, 200)
  const looks = (): number => paths().filter(path => path.endsWith('/openid-configuration')).length
  while (looks() < 2) await new Promise(setImmediate)
  assert.equal(looks(), 2)
})

test('discovery: requests that come before the endpoint is known ask for it once', async t => {
  const { ask, paths } = await discovered(t, url => ({ issuer: `${url}/realm`, introspection_endpoint: `${url}/realm/check` }))
  const answers = await Promise.all(['a', 'b', 'c'].map(async token => (await ask(token)).status))
  assert.deepEqual(answers, [200, 200, 200])
  assert.deepEqual(paths().toSorted(), ['/realm/.well-known/openid-configuration', '/realm/check', '/realm/check', '/realm/check'])
})

test('discovery: an issuer that says nothing of itself is asked again by the next request', async t => {
  let broken = true
  const { ask } = await discovered(t, url => broken ? {} : { issuer: `${url}/realm`, introspection_endpoint: `${url}/realm/check` })
  assert.equal((await ask('a')).status, 503)
  broken = false
  assert.equal((await ask('a')).status, 200)
})

for (const [what, document] of [
  ['is that of another issuer', (url: string) => ({ issuer: `${url}/other`, introspection_endpoint: `${url}/check` })],
  ['names no endpoint', (url: string) => ({ issuer: `${url}/realm` })],
  ['names a file', (url: string) => ({ issuer: `${url}/realm`, introspection_endpoint: 'file:///etc/passwd' })]
] as const) {
  test(`a discovery document that ${what} admits no client`, async t => {
    const { ask, paths } = await discovered(t, document)
    assert.equal(codeIn(await ask('a') as never), 'identity-unavailable')
    assert.deepEqual(paths(), ['/realm/.well-known/openid-configuration'])
  })
}

for (const [what, status, endpoint, expected] of [
  ['with an endpoint of its own', 200, 'https://login.example/check', undefined],
  ['with an endpoint elsewhere', 200, 'https://other.example/check', undefined],
  [
    'with an endpoint that is not encrypted as it is',
    200,
    'http://login.example/check',
    /introspection_endpoint of an https: issuer is not https:/
  ],
  ['with an error', 404, 'https://login.example/check', /responded with 404/],
  ['by another status than 200', 203, 'https://login.example/check', /responded with 203/]
] as const) {
  test(`discovery: an issuer with ${what} is ${expected === undefined ? 'believed' : 'not'}`, async () => {
    const asked: string[] = []
    const body = Buffer.from(JSON.stringify({ issuer: 'https://login.example/', introspection_endpoint: endpoint }))
    const client = {
      ask: async ({ url }: { url: string }) => {
        asked.push(url)
        return { status, headers: {}, body }
      }
    } as unknown as ServiceClient
    const found = Promise.resolve(endpointFinder({ discovery: 'https://login.example/' }, client, () => 0)())
    if (expected === undefined) assert.deepEqual(await found, { url: endpoint, issuer: 'https://login.example/' })
    else await assert.rejects(found, expected)
    assert.deepEqual(asked, ['https://login.example/.well-known/openid-configuration'])
  })
}
