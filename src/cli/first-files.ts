/** The files that `onedoor init` writes. */

/** The text of a first gateway.yaml. It starts without changes and shows the main sections. */
export const firstConfiguration = `# The gateway in one file. Save it while the gateway runs and it is live.
# "onedoor check" reports all problems.

server:
  port: \${PORT:-8080}

# Groups of interchangeable targets: one service, on one or more machines.
upstreams:
  api:
    targets:
      - \${API_URL:-http://127.0.0.1:3000}
    timeouts: { connect: 2s, response: 10s }
    retry: { attempts: 2, on: [connect, reset] }
    # circuitBreaker: { failures: 5, openFor: 30s }
    # healthChecks: { active: { path: /health, interval: 5s } }

# Plugins with options, named once; routes list the names in running order.
policies:
  per-client: { plugin: rate-limiting, limit: 10/s, burst: 20, key: ip }
  # login: { plugin: jwt-auth, secret: "\${JWT_SECRET}", algorithms: [HS256] }

# What clients may ask for. The most specific path wins, whatever the order.
routes:
  - path: /api/*                     # fits /api too, never /apix
    upstream: api
    policies: [per-client]

  - path: /hello
    methods: [GET]
    respond: { json: { hello: world } }
`

/**
 * Returns the text of a working plugin, which adds a header field to the responses of the routes that list it. It imports types only, which
 * do not exist at run time, so it works in any folder.
 */
export function firstPlugin (name: string): string {
  const word = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return `/** ${name}: adds a header to every answer of the routes that list it. */
import type { FastifyInstance } from 'fastify'

export const config = {
  options: {
    type: 'object',
    properties: { header: { type: 'string', default: 'x-${name}', description: 'Name of the header.' } },
    required: ['header'],
    additionalProperties: false
  }
}

export default async function ${word} (app: FastifyInstance, options: { header: string }): Promise<void> {
  app.addHook('onSend', async (request, reply) => {
    reply.header(options.header, request.id)
  })
}
`
}
