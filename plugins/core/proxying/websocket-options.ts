/** `websocket` of a route. */

import Type, { type Static } from '#typebox'
import { Duration, keyProblem, type Report, Size, TimeSpan } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import { originProblem } from '../../../src/http/index.ts'

const strict = { additionalProperties: false } as const

const LimitsSchema = Type.Object({
  origins: Type.Optional(Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: 'Origins of the pages that may open a WebSocket; all others get a 403. Browsers send the origin, and do not ask before ' +
      'as they do for requests of scripts. Requests without Origin, which no browser sends, pass. `*` allows every page.',
    examples: [['https://shop.example', 'https://*.shop.example']]
  })),
  idle: Duration({
    default: '1h',
    description: 'Longest time without a byte in either direction, pings and pongs included; 0s for no limit. Then both sides are sent ' +
      'a close frame (1001).'
  }),
  messageIdle: Duration({
    default: '0s',
    description: 'Longest time without a message in either direction, whatever pings and pongs pass; 0s for no limit.'
  }),
  maxAge: TimeSpan({ default: '0s', description: 'How long a WebSocket may last (1001); 0s for no limit.' }),
  maxMessage: Type.Optional(Size({
    minimum: '1b',
    description: 'Largest message of a client, in bytes as they are sent: a compressed one counts compressed. A larger one closes the ' +
      'WebSocket (1009).'
  })),
  messagesPerSecond: Type.Optional(Type.Number({
    minimum: 0.01,
    maximum: 1_000_000,
    description: 'Most messages, pings and pongs of a client in a second. More close the WebSocket (1008).'
  })),
  perClient: Type.Optional(Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Most WebSockets that a client has open; further ones get a 429.' }),
    key: Type.String({
      default: 'ip',
      description: 'What a client is: `ip`, or `header:`, `cookie:`, `query:`, `param:` or `claim:` with a name.'
    })
  }, { ...strict, description: 'Limits the open WebSockets of each client on this route.' }))
}, { ...strict, expected: 'false or a mapping of limits' })

export const WebSocketSchema = Type.Union([Type.Literal(false), LimitsSchema], {
  expected: 'false or a mapping of limits',
  default: {},
  description: 'WebSockets of a route with an upstream: they pass through the policies of the route to a target that accepts them. ' +
    '`false` refuses them with a 403.'
})

export type WebSocketConfig = Static<typeof WebSocketSchema>
export type WebSocketRules = Exclude<WebSocketConfig, false>

/** Reports what the schema cannot say. */
export function checkWebSocket (config: WebSocketConfig, pointer: string, report: Report): void {
  if (config === false) return
  for (const [index, origin] of (config.origins ?? []).entries()) {
    const problem = originProblem(origin)
    if (problem !== undefined) report({ pointer: child(child(pointer, 'origins'), index), message: problem })
  }
  const problem = config.perClient === undefined ? undefined : keyProblem(config.perClient.key)
  if (problem !== undefined) report({ pointer: child(child(pointer, 'perClient'), 'key'), message: problem })
}
