/** Suggests commands to try with this configuration: an open route, a route that needs a token, and a rate limit. */

import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { Loaded } from '../config/load.ts'
import type { Config } from '../config/types.ts'
import type { RateValue } from '../config/schema/units.ts'
import { readRoutes, type Route } from '../contract/route.ts'
import type { Io } from './io.ts'
import { mintersOf, type Minter } from './minter.ts'
import { sampleRequest } from './sample-request.ts'

/** A line to paste into a shell. */
export interface Trial {
  readonly command: string
  /** A short description of the result. */
  readonly shows: string
}

/** A gateway that can rehearse requests. */
interface Oracle {
  readonly loaded: Pick<Loaded, 'config' | 'plugins'>
  explain (request: RehearsalRequest): Promise<Rehearsal>
}

/** The most routes that are rehearsed for one trial, because a configuration may have thousands. */
const mostTries = 8

/** The most requests of a trial that exceeds a rate limit. */
const mostRequests = 30

const tokenLifetime = 3_600_000

/** Returns up to three trials. Each was rehearsed, so it has the result that it describes. */
export async function trials (
  oracle: Oracle,
  { listeners, file }: { readonly listeners: readonly string[], readonly file: string },
  io: Pick<Io, 'env'>
): Promise<Trial[]> {
  const { config } = oracle.loaded
  const minters = mintersOf(oracle.loaded)
  const routes = readRoutes(config)
  const base = baseOf(config, listeners)
  if (base === undefined) return []
  const guards = (route: Route): Minter[] => [...config.server.policies, ...route.policies].flatMap(name => minters.get(name) ?? [])
  const limit = (route: Route): Limit | undefined => limitOf(route, config.policies, config.server.policies)
  const isDefault = file === 'gateway.yaml' && (io.env['ONEDOOR_CONFIG'] ?? '') === ''
  const found: (Trial | undefined)[] = [
    await first(routes.filter(route => guards(route).length === 0), async route => await open(oracle, route, base)),
    await first(
      routes.filter(route => guards(route).length === 1),
      async route => await guarded(oracle, route, base, guards(route)[0]!, isDefault ? '' : ` -c ${quote(file)}`)
    ),
    await first(
      routes.filter(route => guards(route).length === 0 && limit(route) !== undefined),
      async route => await limited(oracle, route, base, limit(route)!)
    )
  ]
  return found.filter(trial => trial !== undefined)
}

/** The first listener with a port that serves requests itself. */
function baseOf (config: Config, listeners: readonly string[]): string | undefined {
  const url = listeners.find((address, index) => !address.startsWith('unix:') && !config.listeners[index]!.redirectToHttps)
  return url?.replace(/\/\/(0\.0\.0\.0|\[::\]|127\.0\.0\.1)(?=:)/, '//localhost')
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

/** Whether a secret is one of the public samples. A token that is signed with a real secret must not be shown on a screen. */
function isForDevelopment (secret: string): boolean {
  return secret.startsWith('dev-') || secret.startsWith('onedoor-development')
}

async function limited (oracle: Oracle, route: Route, base: string, { policy, capacity }: Limit): Promise<Trial | undefined> {
  const request = sampleRequest(route)
  if (request === undefined || !await passes(oracle, route, request)) return undefined
  // One more than the limit, plus two that may be allowed in the meantime.
  const turns = Array.from({ length: capacity + 3 }, (_, index) => index + 1).join(' ')
  return {
    command: `for i in ${turns}; do curl -s -o /dev/null -w '%{http_code}\\n' ${curl(request, base)}; done`,
    shows: `429 by ${policy}`
  }
}

interface Limit {
  readonly policy: string
  /** The number of requests that are allowed at once. */
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

/** Quotes a text for a shell, where necessary. */
function quote (text: string): string {
  return /^[\w.,:/@%+=[\]-]+$/.test(text) && !/[[\]]/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
