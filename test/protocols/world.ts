/** A gateway in front of the service of one protocol, with all that the promises need. */

import { hash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { connect } from 'node:tls'
import { issueCertificate } from '../helpers/certificates.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { freePort } from '../helpers/target.ts'
import { startCollector, type Collector } from '../tracing/collector.ts'
import { pathOf, type Door, type Method, type Protocol, type Service } from './protocol.ts'

export interface World {
  readonly protocol: Protocol
  readonly service: Service
  /** Gets the spans of calls that say that they are sampled. */
  readonly collector: Collector
  readonly gateway: TestGateway
  readonly door: Door
  /** Loads the configuration again, with a route for these methods beside the first ones. */
  readonly reload: (more: readonly Method[]) => Promise<void>
  /** Replaces the certificate of the listener by a new one, and resolves when it is in use. */
  readonly swapCertificate: () => Promise<void>
}

/** The key of the one client that `Secured` admits. */
export const key = 'table-key'

const authority = issueCertificate({ subject: 'Table CA', ca: true })

const serverCertificate = () => issueCertificate({ subject: 'gateway.test', san: ['dns:gateway.test'], issuer: authority })

export async function startWorld (t: TestContext, protocol: Protocol): Promise<World> {
  const service = await protocol.serve(t)
  const dead = `http://127.0.0.1:${await freePort()}`
  const collector = await startCollector(t)
  const configuration = (more: readonly Method[]): string => `${configurationOf(protocol, service.url, dead, more)}
tracing: { endpoint: "${collector.address}", protocol: http/protobuf, sample: 0, batch: { delay: 10ms } }
`
  const { cert, key: privateKey } = serverCertificate()
  const gateway = await startGateway(t, configuration([]), { files: { 'server.pem': cert, 'server.key': privateKey } })
  const { listeners } = gateway.gateway.addresses!
  return {
    protocol,
    service,
    collector,
    gateway,
    door: { url: listeners[protocol.tls ? 1 : 0]!, ca: authority.cert },
    async reload (more) {
      gateway.write(configuration(more))
      await gateway.gateway.reload('test')
    },
    async swapCertificate () {
      const next = serverCertificate()
      writeFileSync(join(gateway.folder, 'server.key'), next.key)
      writeFileSync(join(gateway.folder, 'server.pem'), next.cert)
      while (await servedSerial(listeners[1]!) !== next.serial);
    }
  }
}

/** The serial number of the certificate that a new connection gets. */
async function servedSerial (url: string): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', servername: 'gateway.test', ca: authority.cert })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerX509Certificate()!
  socket.destroy()
  return serialNumber.toLowerCase()
}

function configurationOf ({ upstream, route }: Protocol, url: string, dead: string, more: readonly Method[]): string {
  const at = (method: Method): string => route === 'grpc' ? `grpc: ${pathOf(method).slice(1)}` : `path: ${pathOf(method)}`
  return `
server: { host: 127.0.0.1, shutdown: { timeout: 10s } }
listeners:
  - { host: 127.0.0.1, port: 0, http2: true }
  - { host: 127.0.0.1, port: 0, tls: { certificates: [{ cert: ./server.pem, key: ./server.key }] } }
admin: { port: 0 }
upstreams:
  main: { targets: ["${url}"], protocol: ${upstream} }
  flaky:
    targets: ["${dead}", "${url}"]
    protocol: ${upstream}
    balance: round-robin
    unreachableFor: 0s
    retry: { attempts: 2, on: [connect] }
    circuitBreaker: { failures: 2, openFor: 1h }
policies:
  keys: { plugin: api-key, keys: [{ consumer: robot, hash: "sha256:${hash('sha256', key)}" }], identityHeaders: { x-user: sub } }
  once: { plugin: rate-limiting, limit: 1/h, burst: 1, key: ip }
routes:
  - { ${at('Open')}, upstream: main }
  - { ${at('Secured')}, upstream: main, policies: [keys] }
  - { ${at('Limited')}, upstream: main, policies: [once] }
  - { ${at('Flaky')}, upstream: flaky }
  - { ${at('Hold')}, upstream: main }
${more.map(method => `  - { ${at(method)}, upstream: main }\n`).join('')}`
}
