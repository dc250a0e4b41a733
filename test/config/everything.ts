/** A sound configuration that has every part of the schema in it, and a walk over all places that the schema knows. */

import { rootPlugins } from '../../src/gateway/app.ts'
import { builtInPolicies } from '../../src/cli/plugin-catalogue.ts'
import { child } from '../../src/config/pointer.ts'
import { composeSchema } from '../../src/config/schema/compose.ts'
import type { JsonSchema } from '../../src/config/schema/json-schema.ts'

export type Path = readonly (string | number)[]

/** A place of the file and what the schema wants there. */
export interface Place {
  readonly path: Path
  readonly schema: JsonSchema
  /** The same for all items of a list, all entries of a mapping with free names and all policies of one plugin. */
  readonly kind: string
}

const pointers = new WeakMap<Path, string>()

/** The JSON pointer of a path. */
export function pointerOf (path: Path): string {
  const known = pointers.get(path) ?? path.reduce<string>(child, '')
  pointers.set(path, known)
  return known
}

/** Every section, every policy; `origin` is where the targets are. Files that it names: none. */
export function everything (origin: string): Record<string, unknown> {
  const secret = 'a-secret-of-at-least-32-characters-0'
  return {
    listeners: [{ host: '127.0.0.1', port: 0 }],
    server: {
      host: '127.0.0.1',
      port: 0,
      trustProxy: ['loopback'],
      policies: ['filter'],
      shutdown: {},
      timeouts: {},
      limits: {},
      // On, it would serve nothing, and show its message.
      maintenance: { enabled: false }
    },
    admin: { port: 0, allowedHosts: ['gateway.internal'] },
    logging: { level: 'info', redact: ['header:x-secret'] },
    accessLog: { fields: { include: ['userAgent'], exclude: ['route'], rename: { clientIp: 'client' } } },
    errorPages: [{
      for: ['5xx', 429, 'not-found'],
      html: '<p>${error.code}</p>',
      json: { code: '${error.code}' },
      headers: { 'x-page': 'one' }
    }],
    metrics: {},
    console: { traceUrl: 'https://jaeger.example/trace/{traceId}' },
    overload: {},
    tracing: {
      endpoint: 'http://127.0.0.1:1',
      headers: { 'x-token': 'one' },
      resource: { stage: 'test' },
      propagation: ['w3c'],
      batch: {}
    },
    mocks: { enabled: false, services: [{ service: 'users', name: 'one', port: 1 }] },
    upstreams: {
      main: {
        targets: [{ url: origin, weight: 1 }],
        timeouts: {},
        retry: { backoff: {}, budget: {}, hedge: { after: '2s' } },
        tls: {},
        connections: {},
        balance: { algorithm: 'power-of-two' },
        slowStart: { window: '1s' },
        sticky: { secret },
        circuitBreaker: {},
        healthChecks: { active: { path: '/', flapping: {}, headers: { 'x-probe': 'one' } }, passive: { retryAfter: {} }, outliers: {} },
        adaptiveConcurrency: { shares: {} }
      },
      found: {
        targets: [{ dns: 'http://localhost:1', refresh: '1h' }],
        balance: 'round-robin',
        resolvers: ['127.0.0.1:1'],
        fallback: { upstream: 'hashed' }
      },
      hashed: { targets: [origin], balance: { algorithm: 'consistent-hash', key: 'ip', boundedLoad: 2 }, fallback: 'main' }
    },
    policies: {
      filter: { plugin: 'ip-filter', allow: ['loopback'] },
      keys: {
        plugin: 'api-key',
        keys: [{ consumer: 'one', hash: `sha256:${'0'.repeat(64)}`, claims: { plan: 'gold' } }],
        identityHeaders: { 'x-user': 'sub' }
      },
      users: { plugin: 'basic-auth', users: {}, cache: {} },
      login: { plugin: 'jwt-auth', jwks: 'http://127.0.0.1:1/keys', published: {}, token: {} },
      local: { plugin: 'jwt-auth', keys: [{ kid: 'one', secret }] },
      opaque: { plugin: 'token-introspection', endpoint: 'http://127.0.0.1:1/', client: { id: 'gateway', secret }, cache: {}, breaker: {} },
      asked: {
        plugin: 'forward-auth',
        url: 'http://127.0.0.1:1/',
        claims: { sub: 'x-user' },
        cache: { key: ['header:authorization'] },
        breaker: {}
      },
      signed: {
        plugin: 'hmac-signature',
        secrets: [secret],
        header: 'x-signature',
        signed: ['timestamp', 'body'],
        timestamp: { header: 'x-signed-at' }
      },
      machines: {
        plugin: 'client-certificate',
        allow: [{ subject: { CN: ['a', 'b'] }, issuer: { O: 'c' }, san: { dns: '*.example', ip: ['private'] } }],
        identityHeaders: { 'x-machine': 'sub' }
      },
      either: { plugin: 'any-of', policies: ['keys', 'local'] },
      both: { plugin: 'all-of', policies: ['keys', 'local'] },
      claims: { plugin: 'require-claims', claims: { plan: { contains: 'gold' }, level: [1] } },
      body: { plugin: 'body-validation', schema: { type: 'object' } },
      browsers: { plugin: 'cors', origins: ['https://app.example.com'] },
      secure: { plugin: 'security-headers', strictTransportSecurity: {} },
      token: { plugin: 'identity-token', issuer: 'https://gateway.example.com', secret },
      limit: { plugin: 'rate-limiting', limit: ['5/s'], cost: { all: 1 }, tiers: { by: 'claim:plan', gold: { limit: '10/s' } } },
      places: { plugin: 'rate-limiting', algorithm: 'concurrency', limit: 20 },
      shared: { plugin: 'rate-limiting', limit: '5/s', store: { redis: 'redis://127.0.0.1:1' } }
    },
    plugins: [],
    routes: [
      {
        path: '/*',
        name: 'all',
        upstream: 'main',
        policies: ['limit', 'places'],
        headers: { 'x-version': 'v1' },
        query: { page: { regex: '[0-9]+' } },
        requestHeaders: { set: { 'x-set': 'one' }, add: { 'x-add': 'two' }, remove: ['x-gone'] },
        responseHeaders: { set: { 'x-set': 'one' } },
        limits: { body: '1mb' }
      },
      { path: '/plain', upstream: 'main', public: true },
      { path: '/split', split: [{ upstream: 'main', weight: 1 }, { upstream: 'hashed', weight: 1 }, { upstream: 'found', weight: 0 }] },
      { path: '/target', target: origin },
      { path: '/fixed', respond: { status: 200, headers: { 'x-fixed': 'one' }, text: 'fixed' } },
      { path: '/json', respond: { json: { fixed: true } } },
      { path: '/moved', redirect: { to: '/plain' } },
      ...['keys', 'users', 'login', 'local', 'opaque', 'asked', 'signed', 'either', 'both', 'body', 'browsers', 'secure', 'shared']
        .map(policy => ({ path: `/${policy}`, upstream: 'main', policies: [policy] })),
      { path: '/claims', upstream: 'main', policies: ['keys', 'claims'] },
      { path: '/token', upstream: 'main', policies: ['keys', 'token'] }
    ]
  }
}

/** Every place that the schema of the file and those of the policies in `config` know, alternatives apart. */
export async function allPlaces (config: Record<string, unknown>): Promise<Place[]> {
  const file = composeSchema(rootPlugins).file as unknown as JsonSchema
  const policies = await builtInPolicies()
  const places = [...placesIn(file, config, [], '')]
  for (const [name, { plugin }] of Object.entries(config['policies'] as Record<string, { plugin: string }>)) {
    const { options } = policies.find(policy => policy.name === plugin)!
    places.push(...placesIn(options, valueAt(config, ['policies', name]), ['policies', name], plugin))
  }
  return once(places, config)
}

/** Of the same place in several items of a list or mapping one, in the item where it is written or could be. */
function once (places: readonly Place[], config: unknown): Place[] {
  const best = new Map<JsonSchema, Map<string, Place>>()
  const written = ({ path }: Place): number => path.findIndex((_key, index) => valueAt(
    config,
    path.slice(0, index + 1)
  ) === undefined) + 1 || Infinity
  for (const place of places) {
    const alike = best.get(place.schema) ?? new Map<string, Place>()
    best.set(place.schema, alike)
    const other = alike.get(place.kind)
    if (other === undefined || written(place) > written(other)) alike.set(place.kind, place)
  }
  return [...best.values()].flatMap(alike => [...alike.values()])
}

function * placesIn (schema: JsonSchema, value: unknown, path: Path, kind: string): Generator<Place> {
  if (path.length > 0) yield { path, schema, kind }
  for (const branch of [schema.anyOf, schema.oneOf, schema.allOf].flatMap(branches => branches ?? [])) {
    yield * placesIn(branch, value, path, kind)
  }
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    yield * placesIn(inner, valueAt(value, [key]), [...path, key], `${kind}.${key}`)
  }
  const further = [
    ...Object.values(schema.patternProperties ?? {}),
    ...typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
  ]
  for (const inner of further) {
    const own = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).filter(key => !Object.hasOwn(
      schema.properties ?? {},
      key
    )) : []
    for (const key of own.length > 0 ? own : ['some']) yield * placesIn(inner, valueAt(value, [key]), [...path, key], `${kind}.*`)
  }
  if (schema.items !== undefined) {
    const count = Array.isArray(value) && value.length > 0 ? value.length : 1
    for (let index = 0; index < count; index++) yield * placesIn(schema.items, valueAt(value, [index]), [...path, index], `${kind}[]`)
  }
}

function valueAt (value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined,
    value
  )
}

/** A copy of `value` with `wanted` at a place, and what must be there to hold it. */
export function withValue (value: unknown, [key, ...rest]: Path, wanted: unknown): unknown {
  if (key === undefined) return wanted
  if (typeof key === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : []
    list[key] = withValue(list[key], rest, wanted)
    return list
  }
  const mapping = typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {}
  return { ...mapping, [key]: withValue(mapping[key], rest, wanted) }
}

/** A value that is written into a file as it is: JSON has no `.inf`, no bare text and no alias. */
export class Raw {
  readonly text: string

  constructor (text: string) {
    this.text = text
  }
}

/** The value as a file: JSON is YAML, below keys that stand at the margin. */
export function fileOf (value: unknown): string {
  const raw: string[] = []
  const json = (part: unknown): string => JSON.stringify(
    part,
    (_key, inner: unknown) => inner instanceof Raw ? `\u0000${raw.push(inner.text) - 1}\u0000` : inner,
    2
  )
  const text = Object.entries(value as object).map(([key, part]) => `${key}: ${json(part).replaceAll('\n', '\n  ')}`).join('\n')
  return `${text.replace(/"\\u0000(\d+)\\u0000"/g, (_match, index) => raw[Number(index)]!)}\n`
}

/** A place as a person names it. */
export function nameOf (path: Path): string {
  return path.join('.')
}
