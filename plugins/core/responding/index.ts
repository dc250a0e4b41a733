/** Routes that the gateway serves itself: `respond` sends a fixed response, `redirect` a redirect. */

import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from '#typebox'
import type { Config, PluginConfig, Report } from '../../../src/index.ts'
import { fieldProblem, parametersOf, safeHeaderValue } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'
import { checkLocation, compileLocation } from './location.ts'

const strict = { additionalProperties: false } as const

const RespondSchema = Type.Object({
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, description: 'Status of the response; 200 unless set.' })),
  headers: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Header fields of the response. The gateway sets those ' +
    'of the connection, such as Content-Length, itself.' })),
  json: Type.Optional(Type.Unknown({ description: 'Body, sent as JSON.' })),
  text: Type.Optional(Type.String({ description: 'Body, sent as text/plain.' }))
}, { ...strict, description: 'A fixed response instead of an upstream.' })

const RedirectSchema = Type.Object({
  to: Type.String({ minLength: 1, description: 'Destination: a path or a URL, in which `${params.name}` is replaced. The host of the URL ' +
    'may contain `${request.host}`, the requested host without its port; its path may end in `${request.path}`. The query of the request ' +
    'is kept unless the destination has one.', examples: ['/v2/users/${params.id}', 'https://${request.host}${request.path}'] }),
  status: Type.Optional(Type.Union([
    301, 302, 303, 307, 308
  ].map(status => Type.Literal(status)), { expected: '301, 302, 303, 307 or 308',
    description: 'Status of the response; 308 unless set, which keeps method and body.' }))
}, { ...strict, description: 'Redirects the client.' })

declare module '../../../src/index.ts' {
  interface RouteConfig {
    readonly respond?: Static<typeof RespondSchema>
    readonly redirect?: Static<typeof RedirectSchema>
  }
}

export const config = {
  route: { respond: Type.Optional(RespondSchema), redirect: Type.Optional(RedirectSchema) },
  answers: ['respond', 'redirect'],
  check (config: Config, report: Report): void {
    for (const [index, { path, respond, redirect }] of config.routes.entries()) {
      if (respond?.json !== undefined && respond.text !== undefined) {
        report({ pointer: `/routes/${index}/respond/text`, message: 'a response has either "json" or "text"' })
      }
      for (const [name, value] of Object.entries(respond?.headers ?? {})) {
        const problem = fieldProblem(name) ?? (
          safeHeaderValue(value) === undefined ? 'this cannot be the value of a header field' : undefined
        )
        if (problem !== undefined) report({ pointer: child(`/routes/${index}/respond/headers`, name), message: problem })
      }
      const problem = redirect === undefined ? undefined : checkLocation(redirect.to, parametersOf(path))
      if (problem !== undefined) report({ pointer: `/routes/${index}/redirect/to`, message: problem })
    }
  }
} satisfies PluginConfig

async function responding (app: FastifyInstance): Promise<void> {
  app.gateway.addRouteHandler('respond', ({ config: { respond } }) => {
    const { status = 200, headers = {}, json, text } = respond!
    const body = json === undefined ? text : JSON.stringify(json)
    const fields = {
      ...(body === undefined ? {} : {
        'content-type': json === undefined ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
      }),
      ...headers
    }
    return (_request, reply) => { void reply.code(status).headers(fields).send(body) }
  })

  app.gateway.addRouteHandler('redirect', ({ config: { redirect } }) => {
    const { to, status = 308 } = redirect!
    const location = compileLocation(to)
    return ({ exchange }, reply) => {
      // A parameter that would leave its path segment gives no valid location.
      const { host, path, query, match } = exchange
      const target = location({ host, path, query, rawParams: () => match!.rawParams() })
      if (target === undefined) reply.callNotFound()
      else void reply.code(status).header('location', target).send()
    }
  })
}

export default fp(responding, { name: 'responding', fastify: '5.x' })
