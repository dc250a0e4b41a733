/** A configuration for each feature that keeps state, as text that takes the URL of a service. */

import { hashPassword } from '../../src/identity/password-hash.ts'

const secret = '0123456789abcdef0123456789abcdef0123456789'
const hash = await hashPassword('password', Buffer.alloc(16))

const upstream = (keys: string) => (url: string): string => `upstreams: { a: { targets: ["${url}"], ${keys} } }
routes: [{ path: /, upstream: a }]`
const target = (keys: string): string => `upstreams: { a: { targets: [${keys}] } }\nroutes: [{ path: /, upstream: a }]`
const policy = (keys: (url: string) => string) => (url: string): string => `policies: { p: { ${keys(url)} } }
routes: [{ path: /, respond: {}, policies: [p] }]`

/** By the name of the feature. */
export const features: Readonly<Record<string, (url: string) => string>> = {
  'a target': upstream(''),
  'round-robin': upstream('balance: round-robin'),
  'weighted-round-robin': upstream('balance: weighted-round-robin'),
  'power-of-two': upstream('balance: power-of-two'),
  retries: upstream('retry: { attempts: 2 }'),
  split: url => `upstreams: { a: { targets: ["${url}"] }, b: { targets: ["${url}"] } }
routes: [{ path: /, split: [{ upstream: a, weight: 1 }, { upstream: b, weight: 1 }] }]`,
  'circuit breakers': upstream('circuitBreaker: {}'),
  'active checks': upstream('healthChecks: { active: { path: /, interval: 100ms, timeout: 50ms } }'),
  'passive checks': upstream('healthChecks: { passive: {} }'),
  'probes that rest': upstream('healthChecks: { active: { path: /, noTrafficInterval: 1m } }'),
  outliers: upstream('healthChecks: { outliers: {} }'),
  hedging: upstream('retry: { hedge: { after: p95 } }'),
  'adaptive concurrency': upstream('adaptiveConcurrency: {}'),
  overload: () => 'overload: {}\nroutes: [{ path: /, respond: {} }]',
  'a file of targets': () => target('{ file: ./targets.yaml }'),
  'targets by DNS': () => target('{ dns: "http://localhost:80" }'),
  'published keys': policy(url => `plugin: jwt-auth, jwks: "${url}/k", issuer: a, audience: b`),
  'a secret for tokens': policy(() => `plugin: jwt-auth, secret: "${secret}", issuer: a, audience: b`),
  introspection: policy(url => `plugin: token-introspection, endpoint: "${url}/i", client: { id: a, secret: abcdefgh }`),
  'forward-auth': policy(url => `plugin: forward-auth, url: "${url}/i"`),
  'a limit': policy(() => 'plugin: rate-limiting, limit: 5/s'),
  'a limit of requests at once': policy(() => 'plugin: rate-limiting, algorithm: concurrency, limit: 5'),
  'a limit through Redis': policy(() => 'plugin: rate-limiting, limit: 5/s, store: { redis: "redis://127.0.0.1:1" }'),
  'a file of keys': policy(() => 'plugin: api-key, file: ./keys.yaml'),
  'a file of users': policy(() => 'plugin: basic-auth, file: ./users.yaml'),
  'identity tokens': policy(() => `plugin: identity-token, secret: "${secret}", issuer: a`),
  'an access log': () => 'accessLog: { output: ./access.log }\nroutes: [{ path: /, respond: {} }]',
  tracing: url => `tracing: { endpoint: "${url}" }\nroutes: [{ path: /, respond: {} }]`
}

/** The files that the configurations name. */
export const filesOf = (url: string): Readonly<Record<string, string>> => ({
  'targets.yaml': `targets: ["${url}"]\n`,
  'keys.yaml': `keys: [{ consumer: a, hash: "sha256:${'a'.repeat(64)}" }]\n`,
  'users.yaml': `users: { a: "${hash}" }\n`
})
