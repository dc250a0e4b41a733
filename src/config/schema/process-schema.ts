/** The keys of `admin`, `logging` and `dns`: what concerns the process and not its traffic. */

import Type from '#typebox'
import { logLevels } from '../../logging/log-levels.ts'
import { adminDefaults } from './admin-defaults.ts'
import { Port } from './server-schema.ts'
import { Enum, Secret } from './units.ts'

const strict = { additionalProperties: false } as const

/** `admin`: the second listener, for operators. */
export const AdminSchema = Type.Object({
  enabled: Type.Boolean({ default: adminDefaults.enabled, description: 'Whether there is an admin listener.' }),
  host: Type.String({
    default: adminDefaults.host,
    minLength: 1,
    description: 'Address to listen on. Any other than loopback needs a token.'
  }),
  port: Port(adminDefaults.port),
  token: Type.Optional(Secret({
    description: 'Bearer token that every admin request needs, except those of the health endpoints. It gives the role `operate`.'
  })),
  viewToken: Type.Optional(Secret({
    description: 'A second token, which gives the role `view`: it reads everything and changes nothing. Needs `token`.'
  })),
  allowedHosts: Type.Array(Type.String(), {
    default: [],
    description: 'Host names under which a browser may reach the listener, beside loopback and its own address.'
  }),
  debug: Type.Boolean({
    default: false,
    description: 'Whether profiles of the threads may be taken. A snapshot of the heap contains keys and passwords, so it needs a token.'
  })
}, { ...strict, default: {}, description: 'The admin listener: health, metrics, state and reload.' })

/** `logging`: the process log. */
export const LoggingSchema = Type.Object({
  level: Enum(logLevels, { default: 'info', description: 'Least severe level that is written.' }),
  format: Enum(['auto', 'json', 'pretty'], {
    default: 'auto',
    description: '`json` writes one object per line, `pretty` is for people, `auto` is `pretty` on a terminal and `json` elsewhere.'
  }),
  redact: Type.Array(Type.String(), {
    default: [],
    description: 'What is removed in addition to credentials: `header:NAME`, `query:NAME` (in the access log), '
      + 'or a path into the objects that plugins log.',
    examples: [['header:x-secret', 'query:email', 'user.email', '*.password']]
  })
}, { ...strict, default: {}, description: 'The log on standard output.' })

/** `dns`: how the names of targets and services are looked up. */
export const DnsSchema = Type.Object({
  resolvers: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description: 'Name servers, each an IP address with an optional port. The default is those of the system, with its search domains. '
      + '`/etc/hosts` always comes first.',
    examples: [['10.0.0.2', '127.0.0.1:8600']]
  })
}, { ...strict, default: {}, description: 'How the names of targets, identity services and stores are looked up.' })
