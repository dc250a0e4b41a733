/** TLS to the targets, from the file: authorities, client certificates and expected names, over HTTP/1.1 and HTTP/2. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { issueCertificate } from '../helpers/certificates.ts'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { checkFile } from './check-file.ts'

const ca = issueCertificate({ subject: 'test CA', ca: true })
const id = 'spiffe://shop.test/users'
const server = issueCertificate({ subject: 'users', san: ['dns:localhost', 'ip:127.0.0.1', `uri:${id}`], issuer: ca })
const client = issueCertificate({ subject: 'gateway', issuer: ca })
const next = issueCertificate({ subject: 'gateway-2', issuer: ca })

/** A service that responds with the version of HTTP and the name in the certificate of its client. */
async function startSecure (t: TestContext, protocol: 'h2' | 'http1', offered?: string[]): Promise<string> {
  const ALPNProtocols = offered ?? (protocol === 'h2' ? ['h2'] : ['http/1.1'])
  const options = { cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: false, ALPNProtocols }
  const respond = ({ socket, httpVersion }: Http2ServerRequest, response: Http2ServerResponse): void => {
    response.end(`${httpVersion} ${String((socket as TLSSocket).getPeerCertificate().subject?.CN)}`)
  }
  const service = protocol === 'h2' ? createSecureServer(options, respond) : createServer(options, respond as never)
  const sockets = new Set<TLSSocket>()
  service.on('secureConnection', (socket: TLSSocket) => sockets.add(socket))
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    service.close()
  })
  return `https://127.0.0.1:${(service.address() as AddressInfo).port}`
}

async function gatewayTo (t: TestContext, upstream: string): Promise<TestGateway> {
  return await startGateway(t, `upstreams:\n  users: { ${upstream}, retry: { attempts: 1 } }\nroutes: [{ path: /*, upstream: users }]\n`, {
    watch: true,
    files: {
      'ca.pem': ca.cert, 'gateway.pem': client.cert, 'gateway.key': client.key, 'next.pem': next.cert, 'next.key': next.key
    }
  })
}

for (const protocol of ['http1', 'h2'] as const) {
  const version = protocol === 'h2' ? '2.0' : '1.1'

  suite(`TLS to ${protocol} targets`, { concurrency: true }, () => {
    test('certificates and keys are files beside the configuration', async t => {
      const { url } = await gatewayTo(t, `targets: ["${await startSecure(t, protocol)}"], protocol: ${protocol}, ` +
        'tls: { ca: ca.pem, cert: gateway.pem, key: gateway.key }')
      assert.equal((await send(url, '/')).text, `${version} gateway`)
    })

    test('a name that the certificate has is enough in place of the host, and one that it has not is a failure', async t => {
      for (const [name, status] of [[id, 200], ['localhost', 200], ['127.0.0.1', 200], ['spiffe://shop.test/orders', 502]] as const) {
        const { url } = await gatewayTo(t, `targets: ["${await startSecure(t, protocol)}"], protocol: ${protocol}, ` +
          `tls: { ca: ca.pem, serverName: other.test, subjectAltNames: ["${name}"] }`)
        const answer = await send(url, '/')
        assert.equal(answer.status, status, name)
        if (status === 502) assert.equal(JSON.parse(answer.text).code, 'tls-error')
      }
    })

    test('a target has keys of its own, which health checks use too', async t => {
      const target = await startSecure(t, protocol)
      const { url } = await gatewayTo(t, `targets: [{ url: "${target}", tls: { cert: next.pem, key: next.key, ca: ca.pem } }], ` +
        `protocol: ${protocol}, healthChecks: { active: { path: /, interval: 10s, timeout: 9s, unhealthyAfter: 1, healthyAfter: 1, ` +
        'body: gateway-2 }, whenNoneHealthy: fail-closed }, tls: { cert: gateway.pem, key: gateway.key }')
      assert.equal((await send(url, '/')).text, `${version} gateway-2`)
    })

    test('a target that chooses another protocol, or none, gets nothing', async t => {
      if (protocol === 'http1') return
      for (const offered of [['http/1.1'], []]) {
        const { url } = await gatewayTo(t, `targets: ["${await startSecure(t, 'http1', offered)}"], protocol: h2, tls: { ca: ca.pem }`)
        assert.equal(JSON.parse((await send(url, '/')).text).code, 'protocol-unsupported')
      }
    })
  })
}

test('a changed certificate is used as soon as its file and that of its key are there; a pair that does not fit is not', async t => {
  const gateway = await gatewayTo(t, `targets: ["${await startSecure(t, 'h2')}"], protocol: h2, ` +
    'tls: { ca: ca.pem, cert: gateway.pem, key: gateway.key }')
  assert.equal((await send(gateway.url, '/')).text, '2.0 gateway')
  writeFileSync(join(gateway.folder, 'gateway.pem'), next.cert)
  const refused = await gateway.logged(line => JSON.stringify(line).includes('does not belong to the certificate'))
  assert.ok(refused)
  assert.equal((await send(gateway.url, '/')).text, '2.0 gateway')
  writeFileSync(join(gateway.folder, 'gateway.key'), next.key)
  await gateway.logged(line => line['msg'] === 'configuration reloaded')
  assert.equal((await send(gateway.url, '/')).text, '2.0 gateway-2')
})

test('a start without verification warns, for an upstream and for a target', async t => {
  const gateway = await gatewayTo(t, 'targets: [{ url: "https://127.0.0.1:1", tls: { verify: false } }], tls: { verify: false }')
  const warnings = gateway.gateway.warnings.filter(text => text.includes('are not verified'))
  assert.equal(warnings.length, 2)
})

const problems: readonly [what: string, tls: string, message: RegExp][] = [
  ['a file that is not there', '{ ca: nowhere.pem }', /nowhere\.pem.*no such file/i],
  ['a file that is not PEM', '{ ca: text.txt }', /has no certificate in PEM form/],
  ['a key of another certificate', '{ cert: gateway.pem, key: next.key }', /does not belong to the certificate/],
  ['a certificate without a key', '{ cert: gateway.pem }', /"cert" needs "key"/],
  ['a key without a certificate', '{ key: gateway.key }', /"key" needs "cert"/],
  ['a key that everybody can read', '{ cert: gateway.pem, key: gateway.key }', /every user of this machine can read the key/],
  ['an expired certificate', '{ cert: old.pem, key: old.key }', /the certificate has expired/]
]

test('check says what is wrong with certificates and keys, and where', async t => {
  const old = issueCertificate({ subject: 'gateway', notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') })
  const files = {
    'text.txt': 'text', 'gateway.pem': client.cert, 'gateway.key': client.key, 'next.key': next.key, 'old.pem': old.cert, 'old.key': old.key
  }
  for (const [what, tls, message] of problems) {
    for (const upstream of [
      `{ targets: ["https://a.test"], tls: ${tls} }`,
      `{ targets: [{ url: "https://a.test", tls: ${tls} }] }`
    ]) {
      const found = await checkFile(t, `upstreams:\n  a: ${upstream}\nroutes: [{ path: /*, upstream: a }]\n`, files, folder => {
        chmodSync(join(folder, 'gateway.key'), 0o644)
      })
      const problem = found.find(one => message.test(one.message))
      assert.ok(problem, `${what}: ${JSON.stringify(found.map(one => one.message))}`)
      assert.equal(problem.position?.line, 2, what)
    }
  }
})
