/** `listeners`: the addresses on which the gateway serves clients. */

import Type, { type Static } from '#typebox'
import { Http2Schema } from './http2-schema.ts'
import { ListenerTlsSchema } from './listener-tls-schema.ts'
import { portKey } from './server-schema.ts'

const strict = { additionalProperties: false } as const

/** One entry of `listeners`. */
export const ListenerSchema = Type.Object({
  host: Type.Optional(Type.String({ minLength: 1, description: 'Address to listen on; `0.0.0.0` by default.' })),
  port: Type.Optional(Type.Integer({ ...portKey, description: 'Port to listen on. 0 takes any free port.' })),
  socket: Type.Optional(Type.String({
    minLength: 1,
    description: 'Path of a Unix socket to listen on, instead of a port. Its clients have no address: list `unix` in `server.trustProxy` '
      + 'where a proxy in front names them.',
    examples: ['/run/onedoor.sock']
  })),
  mode: Type.Optional(Type.String({
    pattern: '^0?[0-7]{3}$',
    expected: 'permissions such as "660"',
    description: 'Permissions of the Unix socket, as `chmod` takes them; those of the umask by default.',
    examples: ['660']
  })),
  tls: Type.Optional(ListenerTlsSchema),
  http2: Http2Schema,
  redirectToHttps: Type.Optional(Type.Union([Type.Boolean(), Type.Integer({ minimum: 1, maximum: 65535 })], {
    expected: 'true, false or a port',
    description: 'Whether every request is redirected to https, with status 308 (`server.redirect.status` sets another). A number is the '
      + 'port that clients use there; `true` is the port of the first listener with `tls`.',
    examples: [443]
  })),
  proxyProtocol: Type.Optional(Type.Array(Type.String(), {
    description: 'The same as `server.proxyProtocol`, for this listener alone.'
  }))
}, { ...strict, description: 'One address.' })

/** `listeners` */
export const ListenersSchema = Type.Array(ListenerSchema, {
  default: [],
  description: 'The addresses on which clients are served, instead of `server.host` and `server.port`. A reload opens and closes them ' +
    'while all others serve on.',
  examples: [[{ port: 8080 }, { socket: '/run/onedoor.sock' }]]
})

/** A listener as the file has it. */
export type ListenerConfig = Static<typeof ListenerSchema>
