/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { checkServiceUrl, Duration, identityServiceKeys, keyProblem, ownedFieldProblem, type Report } from '../../../src/index.ts'
import { hopByHopHeaders, isOriginHeader } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const
const names = (preset: string[], description: string) => Type.Array(
  Type.String({ pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', expected: 'the name of a header' }),
  { default: preset, description }
)

export const ForwardAuthOptionsSchema = Type.Object({
  url: Type.String({
    description: 'URL of the service. It receives a GET for every request; a 2xx response admits the request.',
    examples: ['https://auth.internal/verify']
  }),
  requestHeaders: names(
    ['authorization', 'cookie'],
    'Fields of the request that the service gets, beside X-Forwarded-Method, -Proto, -Host, -Uri, -For and X-Request-Id.'
  ),
  upstreamHeaders: names(
    [],
    'Fields of the response of the service that are sent to the upstream. No client can send them, on any route, except ' +
      '`authorization` and `cookie`, which are replaced when the response has them.'
  ),
  refusalHeaders: names(
    ['www-authenticate', 'location', 'set-cookie', 'retry-after'],
    'Fields of the response of the service that are sent to the client when its status is not 2xx.'
  ),
  responseHeaders: names(
    [],
    'Fields of a 2xx response of the service that are sent to the client with the response of the upstream, ' +
      'such as `set-cookie` of a renewed session. A field of the same name from the upstream takes its place; of `set-cookie` ' +
      'both are sent.'
  ),
  claims: Type.Record(Type.String(), Type.String(), {
    default: {},
    description: 'Claims, each with the response header field that provides it.',
    examples: [{ sub: 'x-auth-user' }]
  }),
  cache: Type.Optional(Type.Object({
    key: Type.Union(
      [Type.String(), Type.Array(Type.String(), { minItems: 1, uniqueItems: true })],
      {
        expected: 'a key or a list of keys',
        description: 'What the cached response depends on, as in `rate-limiting`: `header:`, `cookie:`, `query:`, `claim:` with a name, ' +
          '`ip`, `route`. A request that has none of these is not cached.',
        examples: [['header:authorization']]
      }
    ),
    anyRequest: Type.Boolean({
      default: false,
      description: 'Whether the response depends on the key alone. When false, method, host, path and query are part of the key too.'
    }),
    ttl: Duration({ default: '10s', maximum: '1d', description: 'How long a 2xx is cached.' }),
    negativeTtl: Duration({
      default: '0s',
      maximum: '1d',
      description: 'How long a 4xx is cached. Redirects and responses with Set-Cookie never are.'
    }),
    maximum: Type.Integer({
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'The most responses of each kind. The least recently used are evicted first.'
    })
  }, { ...strict, description: 'Caches responses of the service. Without it the service is asked about every request.' })),
  ...identityServiceKeys
}, strict)

/** The options of one policy, durations in milliseconds. */
export type ForwardAuthOptions = Static<typeof ForwardAuthOptionsSchema>

/** Header fields that describe the message rather than the client. The gateway writes its own. */
const framing: ReadonlySet<string> = new Set([...hopByHopHeaders, 'host', 'content-length', 'expect', 'via'])

/**
 * Header fields that the service may set for the upstream although clients send them too. They carry a credential, and
 * the client's own is replaced.
 */
export const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie'])

/** Checks what the schema cannot express. */
export function checkForwardAuthOptions (options: ForwardAuthOptions, report: Report): void {
  const { url, requestHeaders, upstreamHeaders, refusalHeaders, responseHeaders, cache } = options
  checkServiceUrl(url, '/url', report)
  for (const [index, name] of requestHeaders.entries()) {
    const lower = name.toLowerCase()
    if (framing.has(lower)) report({
      pointer: child('/requestHeaders', index),
      message: `"${name}" belongs to one message and cannot be copied`
    })
    else if (isOriginHeader(lower)) report({
      pointer: child('/requestHeaders', index),
      message: `"${name}" says where a request came from, which the gateway tells the service itself`
    })
  }
  for (const [index, name] of upstreamHeaders.entries()) {
    const problem = credentials.has(name.toLowerCase()) ? undefined : ownedFieldProblem(name)
    if (problem !== undefined) report({ pointer: child('/upstreamHeaders', index), message: problem })
  }
  for (const [key, list] of Object.entries({ refusalHeaders, responseHeaders })) {
    for (const [index, name] of list.entries()) {
      if (framing.has(name.toLowerCase()) || name.toLowerCase().startsWith('content-')) {
        report({ pointer: child(`/${key}`, index), message: `"${name}" belongs to the service's own message and cannot be copied` })
      }
    }
  }
  if (cache !== undefined) checkCache(cache, requestHeaders, report)
}

function checkCache ({ key }: NonNullable<ForwardAuthOptions['cache']>, copied: readonly string[], report: Report): void {
  const keys = [key].flat()
  for (const [index, text] of keys.entries()) {
    const problem = keyProblem(text)
    if (problem !== undefined) report({ pointer: typeof key === 'string' ? '/cache/key' : child('/cache/key', index), message: problem })
  }
  const known = new Set(keys.map(text => text.startsWith('cookie:') ? 'header:cookie' : text.toLowerCase()))
  const left = copied.find(name => !known.has(`header:${name.toLowerCase()}`))
  if (left !== undefined) {
    report({
      pointer: '/cache/key',
      severity: 'warning',
      message: `the service also gets "${left}", which does not distinguish responses: one client could get the response for another`,
      hint: `header:${left.toLowerCase()}, or leave it out of requestHeaders`
    })
  }
}
