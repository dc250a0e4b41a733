/** A gateway for tests whose routes require scopes and claims of clients that `login` or a key admits. */

import type { TestContext } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { startProject } from '../extending/project.ts'
import { key, place } from '../any-of/key.ts'
import { send, type Answer } from '../helpers/client.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

export const secret = 'a-secret-for-tests-with-enough-bytes-in-it'

export const bearer = (claims: object = {}): string =>
  `Bearer ${mint({ secret }, { sub: 'ada', claims: { ...claims }, now: Date.now(), expiresIn: 60_000 })}`

export interface Door extends TestGateway {
  readonly service: TestTarget
  readonly get: (headers?: Record<string, string>) => Promise<Answer>
}

/** `policy` is what the route lists beside `login`: `mine: …`; `list` is in which order. */
export async function openDoor (t: TestContext, policy: string, list = 'login, mine'): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startProject(t, `
policies:
  login: { plugin: jwt-auth, secret: ${secret} }
  key: { plugin: ./key.mjs }
  place: { plugin: ./place.mjs }
  anybody: { plugin: any-of, policies: [key, login, place] }
  ${policy}
routes: [{ path: '/*', target: "${service.url}", policies: [${list}] }]
`, { 'key.mjs': key, 'place.mjs': place })
  return { ...gateway, service, get: async (headers = {}) => await send(gateway.url, '/', { headers }) }
}
