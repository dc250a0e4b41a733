/** `GET /`: the page of the console, and `GET /console/…`: what it loads. Neither says anything about the gateway. */

import { type FastifyInstance, type FastifyReply, type FastifyRequest, GatewayError } from '../../../src/index.ts'
import { type Asset, type Assets, consoleAssets, encodings } from './assets.ts'

/** Nothing from elsewhere, nothing inline, no form that sends, no frame, and no text that becomes script. */
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'none'",
  "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"
].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin'
}

/** A client without a token gets the page too: it has the login form. */
const config = { withoutToken: true }

/** The page may be linked to: a colleague sends the address of a view. */
const pageConfig = { ...config, linked: true }

/** Adds the routes to the admin listener. */
export function addPage ({ gateway: { admin } }: Pick<FastifyInstance, 'gateway'>): void {
  admin.get('/', { config: pageConfig }, async (_request, reply) => {
    void reply.headers(headers).type('text/html; charset=utf-8')
    return pageOf(await consoleAssets())
  })
  admin.get('/console/:version/:name', { config }, async (request, reply) => {
    const { version, name } = request.params as Readonly<Record<'version' | 'name', string>>
    const assets = await consoleAssets()
    const asset = version === assets.version ? assets.files.get(name) : undefined
    if (asset === undefined) throw new GatewayError('not-found')
    const etag = `"${version}"`
    // The version is in the path. The field with the digest serves those who look twice anyway.
    void reply.headers({ ...headers, 'cache-control': 'private, max-age=31536000, immutable', etag, vary: 'accept-encoding' })
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : await sendAsset(request, reply, asset)
  })
}

async function sendAsset (
  { headers: { 'accept-encoding': accepted = '' } }: FastifyRequest,
  reply: FastifyReply,
  { body, encoded, type }: Asset
): Promise<FastifyReply> {
  const best = encodings.find(encoding => accepts(String(accepted), encoding))
  if (best !== undefined) void reply.header('content-encoding', best)
  const bytes = best === undefined ? body : await encoded(best)
  return reply.type(type).send(bytes)
}

/** Whether a list of encodings (RFC 9110 §12.5.3) names one, and not with a weight of 0. */
export function accepts (list: string, encoding: string): boolean {
  return list.split(',').some(item => {
    const [name = '', weight = ''] = item.split(';').map(part => part.trim().toLowerCase())
    return name === encoding && !/^q=0(?:\.0*)?$/.test(weight)
  })
}

function pageOf ({ version }: Assets): string {
  const own = (name: string): string => `/console/${version}/${name}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Onedoor</title>
<link rel="icon" href="${own('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${own('console.css')}">
<script type="module" src="${own('console.js')}"></script>
</head>
<body>
<noscript>The console needs JavaScript. All that it shows is also there as JSON: /readyz?verbose, /routes, /upstreams.</noscript>
<div id="console"></div>
</body>
</html>
`
}
