/** The files that `onedoor init` writes. */

/** The text of a first gateway.yaml. It starts without changes and shows the main sections. */
export const firstConfiguration = `# yaml-language-server: $schema=./gateway.schema.json
# The gateway in one file. Save it while the gateway runs and it is live.
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

/** The text of a first test, which runs requests through gateway.yaml. */
export const firstTest = `/** What the gateway does with requests: "npm test". No port is opened, and a stub stands in for the service. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stubUpstream, testGateway } from 'onedoor/testing'

const file = new URL('../gateway.yaml', import.meta.url)

test('requests below /api reach the service', async t => {
  const api = await stubUpstream(t)
  const gateway = await testGateway(t, file, { env: { API_URL: api.url } })
  assert.equal((await gateway.inject('/api/users')).statusCode, 200)
  assert.equal(api.requests[0]?.url, '/api/users')
})

test('the gateway itself responds to /hello', async t => {
  const gateway = await testGateway(t, file)
  assert.deepEqual((await gateway.inject('/hello')).json(), { hello: 'world' })
})

test('a path without a route is a 404', async t => {
  const gateway = await testGateway(t, file)
  assert.equal((await gateway.inject('/nowhere')).statusCode, 404)
})
`

/** What a repository of the project leaves out. */
export const firstIgnores = `node_modules
.env
*.log
`

/** The settings of the type checker for plugins and tests. Node runs them without it. */
export const firstTypeSettings = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "noEmit": true
  },
  "include": ["plugins", "test"]
}
`

/** Returns the text of a working plugin, which adds a header field to the responses of the routes that list it. */
export function firstPlugin (name: string): string {
  return `/** ${name}: adds a header field to every response of the routes that list it. */
import { Type, type FastifyInstance, type PluginConfig, type PolicyOptions, type Static } from 'onedoor'

const Options = Type.Object({
  header: Type.String({ default: 'x-${name}', description: 'Name of the header field.' })
}, { additionalProperties: false })

export const config = { options: Options } satisfies PluginConfig

export default async function ${functionName(name)} (
  app: FastifyInstance,
  { header, policy }: Static<typeof Options> & PolicyOptions
): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header(header, request.exchange.id)
    // Shown by "onedoor explain". Other requests have no list of decisions.
    request.exchange.decisions?.push({ by: policy, verdict: 'marked', why: \`sets the header field \${header}\` })
    done()
  })
}
`
}

/** Returns the text of a test of that plugin. */
export function firstPluginTest (name: string): string {
  return `/** What the plugin ${name} does with requests: "npm test". */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testGateway } from 'onedoor/testing'
import * as plugin from '../plugins/${name}.ts'

test('${name} marks the responses of a route that lists it', async t => {
  const gateway = await testGateway(t, \`
    policies: { mine: { plugin: own, header: x-mine } }
    routes: [{ path: /, respond: {}, policies: [mine] }]
  \`, { plugins: { own: plugin } })
  const response = await gateway.inject('/')
  assert.equal(response.headers['x-mine'], response.headers['x-request-id'])
})
`
}

function functionName (name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
