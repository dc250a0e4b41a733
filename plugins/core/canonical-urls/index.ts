/**
 * Canonical URLs: `server.redirect` redirects all hosts from http to https, and to the host with or without `www.`;
 * `listeners.*.redirectToHttps` redirects what comes through that listener.
 */

import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from '#typebox'
import { type Config, type Exchange, Enum, type PluginConfig, type Report } from '../../../src/index.ts'
import { canonicalUrl, type Asked } from './canonical-url.ts'

const RedirectKey = Type.Object({
  https: Type.Boolean({ default: false, description: 'Whether requests for which a proxy of `trustProxy` sends `X-Forwarded-Proto: http` ' +
    'are redirected to https. Paths below `/.well-known/acme-challenge/` are not.' }),
  www: Type.Optional(Enum(['add', 'remove'], { description: 'Whether hosts are redirected to the same host with `www.` (`add`), or ' +
    'without it (`remove`). `add` leaves addresses and names without a dot alone.' })),
  status: Type.Union([301, 302, 307, 308].map(status => Type.Literal(status)), { default: 308, expected: '301, 302, 307 or 308',
    description: 'Status of the response. 308 and 307 keep method and body.' })
}, {
  additionalProperties: false,
  description: 'Redirects of all hosts, before routes and policies. Path and query are kept.',
  examples: [{ https: true, www: 'remove' }]
})

declare module '../../../src/index.ts' {
  interface ServerConfig {
    readonly redirect?: Static<typeof RedirectKey>
  }
}

export const config = { server: { redirect: Type.Optional(RedirectKey) }, check: checkRedirect } satisfies PluginConfig

async function canonicalUrls (app: FastifyInstance): Promise<void> {
  const { config: { server: { redirect }, listeners }, trusted } = app.gateway
  if (redirect === undefined && !listeners.some(({ redirectToHttps }) => redirectToHttps)) return
  const { https, www, status } = redirect ?? { https: false, www: undefined, status: 308 }
  app.addHook('onRequest', ({ exchange }, reply, done) => {
    const { redirectPort } = exchange.client.listener
    const asked = askedBy(exchange, trusted)
    const location = canonicalUrl(asked, { httpsPort: redirectPort ?? (https ? 443 : undefined), www })
    if (location === undefined) return done()
    exchange.decisions?.push({
      by: 'canonical-urls',
      verdict: 'redirected',
      why: redirectPort === undefined ? 'server.redirect' : 'redirectToHttps of the listener'
    })
    void reply.code(status).header('location', location).send()
  })
}

function askedBy ({ client, headers, authority, path, query }: Exchange, trusted: ((ip: string) => boolean) | undefined): Asked {
  const told = trusted?.(client.address) === true ? headers['x-forwarded-proto'] as string | undefined : undefined
  return {
    scheme: told?.split(',')[0]!.trim().toLowerCase() ?? schemeOf(client),
    authority: authority ?? headers.host,
    path,
    query
  }
}

/** A listener that redirects is the one for http. Elsewhere something in front may have taken TLS off without saying so. */
function schemeOf ({ tls, listener }: Exchange['client']): string | undefined {
  return tls !== undefined ? 'https' : listener.redirectPort === undefined ? undefined : 'http'
}

/** Without a proxy that tells the scheme, every request would be redirected for ever, or none. */
function checkRedirect ({ server: { redirect, trustProxy } }: Config, report: Report): void {
  if (redirect === undefined) return
  if (!redirect.https && redirect.www === undefined) {
    report({ pointer: '/server/redirect', message: 'redirects nothing', hint: 'https: true, or www: add or remove' })
  }
  if (redirect.https && trustProxy.length === 0) {
    report({
      pointer: '/server/redirect/https',
      message: 'only a proxy in front knows the scheme of a request, and none is trusted',
      hint: 'name it in server.trustProxy'
    })
  }
}

export default fp(canonicalUrls, { name: 'canonical-urls', fastify: '5.x' })
