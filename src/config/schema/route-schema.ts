/** The keys of one route that the kernel owns, and the entries of `policies` and `plugins`. */

import Type from '#typebox'
import { grpcPattern } from '../../http/grpc/method.ts'

const strict = { additionalProperties: false } as const

/** Kernel keys of one route. */
export const RouteSchema = Type.Object({
  path: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 2048,
    description: 'Path pattern: exact `/users`, parameter `/users/:id`, or wildcard `/users/*`, which also matches `/users`. '
      + 'The most specific route wins, whatever the order in the file.',
    examples: ['/users/*']
  })),
  grpc: Type.Optional(Type.String({
    maxLength: 1024,
    pattern: grpcPattern,
    expected: 'package.Service/Method, package.Service/*, package.* or *',
    description: 'gRPC methods, instead of `path`: one `shop.Orders/Get`, all of a service `shop.Orders/*`, all of a package `shop.*`, or '
      + '`*`. Stands for the path, for POST and for the media types of gRPC and gRPC-Web, which is translated.',
    examples: ['shop.Orders/*']
  })),
  name: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Name in logs and metrics; the pattern of `path` or `grpc` by default.'
  })),
  policies: Type.Array(Type.String(), {
    default: [],
    description: 'Names of policies, in the order in which the request meets them; the response meets them in reverse order.'
  }),
  public: Type.Optional(Type.Boolean({
    description: 'Confirms that the route is open to everybody, without a policy that authenticates clients.'
  })),
  upstream: Type.Optional(Type.String({ description: 'Name of the upstream that serves the route.' })),
  target: Type.Optional(Type.String({
    pattern: '^https?://',
    expected: 'an http:// or https:// URL',
    description: 'Shorthand for an upstream with this one target.'
  })),
  split: Type.Optional(Type.Array(Type.Object({
    upstream: Type.String({ description: 'Name of an upstream.' }),
    weight: Type.Integer({
      minimum: 0,
      maximum: 1000000,
      description: 'Share of the requests, relative to the other upstreams of the split.'
    })
  }, strict), { minItems: 1, description: 'Several upstreams that share the requests by weight, such as for a canary release.' }))
}, strict)

/** One entry of `policies` or `plugins`. The options are checked against the plugin's own schema. */
export const PluginEntrySchema = Type.Object({
  plugin: Type.String({
    minLength: 1,
    description: 'A built-in plugin by name, your own by path (`./plugins/stamp.ts`), or a package.'
  })
}, { additionalProperties: true })
