/** Services that policies ask: trusted by the certificates of the file alone, and let go of with the policy. */

import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { certificate, privateKey } from '../health-checks/certificate.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from '../helpers/target.ts'
import { good, p256, signed } from '../jwt-auth/keys.ts'
import { wall } from '../jwt-auth/door.ts'

const jwk = createPublicKey(p256.publicKey).export({ format: 'jwk' })
const saying = (body: object): RequestListener => (_request, response) => { response.end(JSON.stringify(body)) }
const ca = JSON.stringify(certificate)

const policies: readonly (readonly [plugin: string, serve: RequestListener, options: (url: string) => string, trusted: string])[] = [
  ['token-introspection', saying({ active: true }), url => `endpoint: "${url}", client: { id: a, secret: b }`, `ca: ${ca}`],
  ['forward-auth', saying({}), url => `url: "${url}"`, `ca: ${ca}`],
  ['jwt-auth', saying({ keys: [jwk] }), url => `jwks: "${url}"`, `published: { ca: ${ca} }`]
]

for (const [plugin, serve, options, trusted] of policies) {
  test(`${plugin}: the certificate of a service must be trusted by the file; without the policy its connections close`, async t => {
    const service = await startService(t, serve, { cert: certificate, key: privateKey })
    const yaml = (more: string): string => `
policies: { ask: { plugin: ${plugin}, ${options(service.url)}${more} } }
routes: [{ path: /, respond: {}, policies: [ask] }]
`
    const { url, gateway, write } = await startGateway(t, yaml(''), { clock: { now: () => performance.now(), wall: () => wall } })
    const status = async (): Promise<number> => (await send(url, '/', {
      headers: { authorization: `Bearer ${signed({ alg: 'ES256' }, good, p256.privateKey)}` }
    })).status
    assert.equal(await status(), 503)
    write(yaml(`, ${trusted}`))
    assert.equal((await gateway.reload('test')).ok, true)
    assert.equal(await status(), 200)
    write('routes: [{ path: /, respond: {} }]')
    assert.equal((await gateway.reload('test')).ok, true)
    // The service would keep it for a minute.
    const end = performance.now() + 10_000
    while (service.sockets.size > 0 && performance.now() < end) await new Promise(setImmediate)
    assert.equal(service.sockets.size, 0)
  })
}
