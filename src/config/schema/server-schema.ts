/** The keys of `server`, the public listener, that the kernel owns. */

import Type, { type TInteger } from '#typebox'
import { Duration, Size } from './units.ts'

const strict = { additionalProperties: false } as const

/** The bounds of a port. */
export const portKey = { minimum: 0, maximum: 65535 } as const

/** A port to listen on. */
export function Port (defaultPort: number): TInteger {
  return Type.Integer({
    ...portKey,
    default: defaultPort,
    description: 'Port to listen on. 0 takes any free port.'
  })
}

/** `server.shutdown` */
const ShutdownSchema = Type.Object({
  delay: Duration({
    default: '0s',
    description: 'How long the gateway keeps accepting after SIGTERM while `/readyz` already responds 503, so that load balancers can ' +
      'notice.'
  }),
  timeout: Duration({
    default: '30s',
    description: 'How long requests in flight may take to finish before their connections are closed.'
  })
}, { ...strict, default: {} })

/** `server.timeouts` */
const ClientTimeoutsSchema = Type.Object({
  headers: Duration({
    default: '15s',
    description: 'Time for the request headers to arrive; 408 after it. `0s` for both this and `request` means no timeout.'
  }),
  request: Duration({
    default: '5m',
    description: 'Time for the whole request, body included, to arrive; 408 after it.'
  }),
  body: Duration({
    default: '20s',
    description: 'Longest silence of a client inside its request body, and how long it may stay below `limits.bodyRate`; 408 after it. '
      + '`0s` means no timeout.'
  }),
  keepAlive: Duration({
    default: '72s',
    description: 'How long an idle connection is kept. Keep it above the idle timeout of the load balancer in front.'
  }),
  write: Duration({
    default: '60s',
    description: 'Longest time in which a client may read nothing of its response; its connection is closed after it. `0s` means no ' +
      'timeout.'
  }),
  policies: Duration({
    default: '10s',
    description: 'Longest time for one hook of a plugin that is not built in; 504 `policy-timeout` after it. Waiting for a body with ' +
      '`readBody` or `readResponseBody` does not count. `0s` means no timeout.'
  }),
  linger: Duration({
    default: '5s',
    description: 'How long to wait for a client that is still sending when its connection is closed, so that it can read the response. '
      + 'What it sends is discarded, for six times as long at most. `0s` closes at once.'
  })
}, {
  ...strict,
  default: {},
  order: [
    { least: 'headers', most: 'request' },
    { least: 'body', most: 'request', warning: 'is never reached, because the whole time ends first' }
  ]
})

/** `server.limits` */
const LimitsSchema = Type.Object({
  url: Size({
    default: '8kib',
    minimum: '1b',
    maximum: '1mib',
    description: 'Longest request target; 414 above it.'
  }),
  headers: Size({
    default: '32kib',
    minimum: '1kib',
    maximum: '16mib',
    description: 'Largest request line and headers; 431 above it.'
  }),
  body: Size({
    default: '10mib',
    description: 'Largest request body; 413 above it. A route may set its own.'
  }),
  bodyRate: Size({
    default: '500b',
    description: 'Bytes of its request body that a client must send per second while the gateway waits for it; '
      + '408 when it is slower for `timeouts.body`. `0b` allows any rate.'
  }),
  buffers: Size({
    default: '256mib',
    description: 'Most memory for request bodies that are read ahead or whole, for all requests together; 503 `buffers-full` above it.'
  }),
  connections: Type.Optional(Type.Integer({
    minimum: 0,
    maximum: 10_000_000,
    description: 'Most client connections at once; 503 above it. 0 means no limit. '
      + 'The default is half of the files that the process may open, at most 100000, and 4096 where their number is not known.'
  })),
  connectionAge: Duration({
    default: '0s',
    description: 'How old a client connection may get, a tenth more or less. After that its next response is the last one, so that its ' +
      'client connects again, perhaps to another thread or gateway. `0s` means any age.'
  }),
  connectionRequests: Type.Integer({
    minimum: 0,
    maximum: 1_000_000_000,
    default: 0,
    description: 'Most requests of a client connection, which is closed after the last one. 0 means any number.'
  })
}, {
  ...strict,
  default: {},
  order: [{ least: 'url', most: 'headers', warning: 'is never reached, because the request target counts as part of the headers' }]
})

/** `server.silentThread` */
const SilentThreadSchema = Type.Object({
  after: Duration({
    default: '10s',
    minimum: '1s',
    description: 'How long a thread may be silent, because code in it does not return, before it is reported.'
  }),
  replace: Type.Boolean({
    default: false,
    description: 'Whether such a thread is ended and replaced. Its connections are lost.'
  })
}, { ...strict, default: {}, description: 'What happens to a thread that hangs, where there are several.' })

/** `server`: the public listener. */
export const ServerSchema = Type.Object({
  host: Type.String({ default: '0.0.0.0', minLength: 1, description: 'Address to listen on, unless there are `listeners`.' }),
  port: Port(8080),
  trustProxy: Type.Array(Type.String(), {
    default: [],
    description: 'Networks of the proxies in front whose X-Forwarded-* and Forwarded fields are trusted: '
      + 'CIDR ranges, addresses, `loopback`, `private`, or `unix` for peers over a Unix socket.',
    examples: [['10.0.0.0/8']]
  }),
  clientIpHeader: Type.Optional(Type.String({
    pattern: '^[A-Za-z0-9-]+$',
    expected: 'the name of a header field',
    description: 'Header field in which the proxies of `trustProxy` send the client address, instead of X-Forwarded-For. '
      + 'From any other peer it is ignored and removed.',
    examples: ['cf-connecting-ip', 'true-client-ip']
  })),
  proxyProtocol: Type.Array(Type.String(), {
    default: [],
    description: 'Networks of the load balancers that begin each connection with a PROXY protocol header (version 1 or 2), '
      + 'written as in `trustProxy`. They must send it; from any other peer it is a 400. '
      + 'The client in it counts as the peer everywhere else, `trustProxy` included.',
    examples: [['10.0.0.0/8']]
  }),
  name: Type.String({
    default: 'onedoor',
    pattern: '^[A-Za-z0-9._-]+$',
    description: 'Name of this gateway in Via and Proxy-Status. A request that already carries it is rejected as a loop.'
  }),
  policies: Type.Array(Type.String(), {
    default: [],
    description: 'Policies for every request, before those of the route, and after them for the response. They also run where no route ' +
      'matches.'
  }),
  requireAuth: Type.Boolean({
    default: false,
    description: 'Whether every route must list a policy that authenticates its clients or have `public: true`.'
  }),
  shutdown: ShutdownSchema,
  timeouts: ClientTimeoutsSchema,
  limits: LimitsSchema,
  threads: Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 1, maximum: 64 })], {
    default: 'auto',
    expected: '`auto` or a number from 1 to 64',
    description: 'How many threads serve clients with `onedoor start`. `auto` is one for each core that the process may use, and no more ' +
      'than its memory allows.',
    examples: [1]
  }),
  silentThread: SilentThreadSchema
}, { ...strict, default: {}, description: 'The public listener.' })
