/** An issuer for tests: introspection and discovery, answering as a test says, and a gateway in front of a service that asks it. */

import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type Hit, type TestTarget } from '../helpers/target.ts'

/** Says what of a token: an object is sent as JSON. */
export type Introspect = (token: string, response: ServerResponse, hit: Hit) => object | undefined

export async function startIssuer (t: TestContext, introspect: Introspect): Promise<TestTarget> {
  return await startTarget(t, (_request, response, hit) => {
    const answer = introspect(new URLSearchParams(hit.body.toString()).get('token') ?? '', response, hit)
    if (answer === undefined) return
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  })
}

export interface Setup {
  readonly issuer: { readonly url: string }
  /** Further options of the policy, in flow style. */
  readonly options?: string
  readonly client?: string
  /** Milliseconds; stands still unless it is moved. */
  readonly time?: { now: number }
}

export interface Door extends TestGateway {
  readonly service: TestTarget
  /** Sends a request with a token. */
  readonly ask: (token: string | undefined, headers?: Record<string, string>) => Promise<Answer>
  /** Which code it was refused with; undefined when it was not. */
  readonly codeOf: (token: string | undefined) => Promise<string | undefined>
}

/** Milliseconds since 1970 when a test's clock says 0. */
export const epoch = 1_800_000_000_000

export async function openDoor (
  t: TestContext,
  { issuer, options = '', client = 'id: door, secret: s3cret', time = { now: 0 } }: Setup
): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
policies: { login: { plugin: token-introspection, endpoint: "${issuer.url}/introspect", client: { ${client} }${options} } }
routes: [{ path: '/*', target: "${service.url}", policies: [login] }]
`, { clock: { now: () => time.now, wall: () => epoch + time.now } })
  const ask: Door['ask'] = async (
    token,
    headers = {}
  ) => await send(gateway.url, '/orders', { headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } })
  return { ...gateway, service, ask, codeOf: async token => codeIn(await ask(token)) }
}

/** The code of a refusal. */
export function codeIn ({ status, text }: Answer): string | undefined {
  return status < 400 ? undefined : (JSON.parse(text) as { code: string }).code
}
