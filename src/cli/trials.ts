/** Commands that work with this very configuration: something open, something behind a login, something that runs into a limit. */

import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { Loaded } from '../config/load.ts'
import type { RateValue } from '../config/schema/units.ts'
import { readRoutes, type Route } from '../contract/route.ts'
import type { Io } from './io.ts'
import { mintersOf, type Minter } from './minter.ts'
import { sampleRequest } from './sample-request.ts'

/** One line to paste into a shell. */
export interface Trial {
  readonly command: string
  /** What is seen then, in a few words. */
  readonly shows: string
}

/** What knows what would become of a request. */
interface Oracle {
  readonly loaded: Pick<Loaded, 'config' | 'plugins'>
  explain (request: RehearsalRequest): Promise<Rehearsal>
}

/** Rehearsing is cheap, but not for a thousand routes. */
const mostTries = 8

/** Most requests of a line that runs into a limit. */
const mostRequests = 30

const tokenLifetime = 3_600_000

/** Up to three trials. Each was rehearsed: what a trial shows is what happens. */
export async function trials (oracle: Oracle, { proxy, file }: { readonly proxy: string, readonly file: string }, io: Pick<Io, 'env'>): Promise<Trial[]> {
  const { config } = oracle.loaded
  const minters = mintersOf(oracle.loaded)
  const routes = readRoutes(config)
  const base = proxy.replace(/\/\/(0\.0\.0\.0|\[::\]|127\.0\.0\.1)(?=:)/, '//localhost')
  const guards = (route: Route): Minter[] => [...config.server.policies, ...route.policies].flatMap(name => minters.get(name) ?? [])
  const limit = (route: Route): Limit | undefined => limitOf(route, config.policies, config.server.policies)
  const isDefault = file === 'gateway.yaml' && (io.env['ONEDOOR_CONFIG'] ?? '') === ''
  const found: (Trial | undefined)[] = [
    await first(routes.filter(route => guards(route).length === 0), async route => await open(oracle, route, base)),
    await first(routes.filter(route => guards(route).length === 1), async route => await guarded(oracle, route, base, guards(route)[0]!, isDefault ? '' : ` -c ${quote(file)}`)),
    await first(routes.filter(route => guards(route).length === 0 && limit(route) !== undefined), async route => await limited(oracle, route, base, limit(route)!))
  ]
  return found.filter(trial => trial !== undefined)
}

async function first (routes: readonly Route[], attempt: (route: Route) => Promise<Trial | undefined>): Promise<Trial | undefined> {
  for (const route of routes.slice(0, mostTries)) {
    const trial = await attempt(route)
    if (trial !== undefined) return trial
  }
  return undefined
}

async function open (oracle: Oracle, route: Route, base: string): Promise<Trial | undefined> {
  const request = sampleRequest(route)
  if (request === undefined || !await passes(oracle, route, request)) return undefined
  return { command: `curl -i ${curl(request, base)}`, shows: route.name }
}

async function guarded (oracle: Oracle, route: Route, base: string, minter: Minter, config: string): Promise<Trial | undefined> {
  const request = sampleRequest(route)
  if (request === undefined) return undefined
  const shows = `${route.name}, behind ${minter.policy}`
  if (minter.secret === undefined || !isForDevelopment(minter.secret)) {
    return { command: `curl -i -H "Authorization: Bearer $(npx onedoor token ${minter.policy}${config})" ${curl(request, base)}`, shows }
  }
  const authorization = `Bearer ${minter.sign({ sub: 'developer', expiresIn: tokenLifetime })}`
  if (!await passes(oracle, route, { ...request, headers: { ...request.headers, authorization } })) return undefined
  return { command: `curl -i -H 'Authorization: ${authorization}' ${curl(request, base)}`, shows }
}

/** A secret that everybody can read in the sample configuration gives nothing away; a real one signs nothing that lands on a screen. */
function isForDevelopment (secret: string): boolean {
  return secret.startsWith('dev-') || secret.startsWith('onedoor-development')
}

async function limited (oracle: Oracle, route: Route, base: string, { policy, capacity }: Limit): Promise<Trial | undefined> {
  const request = sampleRequest(route)
  if (request === undefined || !await passes(oracle, route, request)) return undefined
  // One more than fits, and two that become due in the meantime.
  const turns = Array.from({ length: capacity + 3 }, (_, index) => index + 1).join(' ')
  return { command: `for i in ${turns}; do curl -s -o /dev/null -w '%{http_code}\\n' ${curl(request, base)}; done`, shows: `429 by ${policy}` }
}

interface Limit {
  readonly policy: string
  /** Requests that pass at once. */
  readonly capacity: number
}

function limitOf (route: Route, policies: Loaded['config']['policies'], everywhere: readonly string[]): Limit | undefined {
  for (const policy of [...everywhere, ...route.policies]) {
    const { limit, burst } = policies[policy] as { limit?: Partial<RateValue>, burst?: number }
    if (typeof limit?.limit !== 'number' || typeof limit.window !== 'number') continue
    const capacity = burst ?? limit.limit
    if (capacity + 3 <= mostRequests) return { policy, capacity }
  }
  return undefined
}

async function passes (oracle: Oracle, route: Route, request: RehearsalRequest): Promise<boolean> {
  const { route: chosen, outcome } = await oracle.explain(request)
  return chosen === route.name && outcome.code === undefined && outcome.status < 400
}

function curl ({ url, headers = {} }: RehearsalRequest, base: string): string {
  const fields = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)} `)
  return fields.join('') + quote(base + url)
}

/** For a shell; bare where nothing in it means anything to one. */
function quote (text: string): string {
  return /^[\w.,:/@%+=[\]-]+$/.test(text) && !/[[\]]/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
