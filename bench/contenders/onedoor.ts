/** Our gateway in the configurations that are measured. */

import { fileURLToPath } from 'node:url'
import type { Contender } from '../contender.ts'
import { urlOf, type Place } from '../place.ts'

const noConsole = '\nconsole: { enabled: false }'
const command = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

/** One route, no access log; metrics and trace context as they come. */
export const onedoor = configured('onedoor', {}, onedoorYaml)

/** One route, everything that watches requests as it comes. */
export const onedoorObserved = configured('onedoor-observed', { log: 'output.log' }, place => `
${oneTarget(place)}
routes:
  - { path: /api/*, upstream: service }
`)

/** Everything that a gateway does. */
export const onedoorAllOn = configured('onedoor-all-on', { log: 'access.log', guarded: true }, allOn)

/** `onedoor` and `onedoor-all-on` with several threads. */
export const onedoorThreads: readonly Contender[] = [2, 4].flatMap(threads => [
  configured(`onedoor-threads-${threads}`, {}, onedoorYaml, threads),
  configured(`onedoor-all-on-threads-${threads}`, { log: 'access.log', guarded: true }, allOn, threads)
])

/** `onedoor` and `onedoor-all-on` without the console, which keeps the last requests. */
export const onedoorNoConsole: readonly Contender[] = [
  configured('onedoor-no-console', {}, place => noConsole + onedoorYaml(place)),
  configured('onedoor-all-on-no-console', { log: 'access.log', guarded: true }, place => noConsole + allOn(place))
]

function onedoorYaml (place: Place): string {
  return `
accessLog: { enabled: false }
${oneTarget(place)}
routes:
  - { path: /api/*, upstream: service }
`
}

function allOn (place: Place): string {
  return `
accessLog: { output: access.log }
tracing: { endpoint: "http://127.0.0.1:${place.collector}", protocol: http/protobuf, sample: 0.01 }
upstreams:
  service:
    targets:
      - { url: "${urlOf(place, 0)}", weight: 3 }
      - { url: "${urlOf(place, 1)}" }
    balance: weighted-round-robin
    circuitBreaker: {}
    healthChecks:
      active: { path: /health, interval: 5s }
      passive: {}
policies:
  login: { plugin: jwt-auth, secret: "${place.secret}", algorithms: [HS256] }
  per-client: { plugin: rate-limiting, limit: 1000000/s, key: ip }
routes:
  - { path: /api/*, upstream: service, policies: [login, per-client] }
`
}

/** Like `onedoor`, with ten routes. */
export const onedoorRoutes10 = manyRoutes('onedoor-routes-10', 10)
/** Like `onedoor`, with ten thousand routes. */
export const onedoorRoutes10k = manyRoutes('onedoor-routes-10k', 10_000)

function manyRoutes (name: string, count: number): Contender {
  return configured(name, {}, place => `
accessLog: { enabled: false }
${oneTarget(place)}
routes:
${Array.from({ length: count }, (_, index) => `  - { path: /service-${index}/*, upstream: service }`).join('\n')}
`)
}

function oneTarget (place: Place): string {
  const http2 = place.load.http2 === true ? '\n    protocol: h2c' : ''
  const tls = place.certificate === undefined ? '' : `\n    tls: { ca: "\${file:${place.certificate}}" }`
  return `upstreams:
  service:
    targets: ["${urlOf(place, 0)}"]${http2}${tls}`
}

/** What clients speak. */
function listener ({ port, own, load: { front } }: Place): string {
  const tls = front?.tls === true ? `, tls: { certificates: [{ cert: ${own.certificate}, key: ${own.key} }] }` : ''
  return `{ host: 127.0.0.1, port: ${port}${tls}, http2: ${front?.streams === undefined ? 'false' : '{ maxStreams: 1024 }'} }`
}

function configured (name: string, more: Partial<Contender>, yaml: (place: Place) => string, threads = 1): Contender {
  return {
    name,
    node: true,
    ...more,
    launch: place => ({
      command: process.execPath,
      args: [command, 'start', `${place.folder}/gateway.yaml`],
      files: {
        'gateway.yaml': `server: { threads: ${threads} }
listeners: [${listener(place)}]
admin: { port: ${place.adminPort} }
logging: { format: json }${yaml(place)}`
      }
    })
  }
}
