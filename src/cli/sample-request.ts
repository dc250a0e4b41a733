/** Creates a sample request that matches a route. */

import type { RehearsalRequest } from '../contract/rehearsal.ts'
import type { Route } from '../contract/route.ts'

/** Returns a GET request for the route; undefined where its conditions do not determine one. */
export function sampleRequest ({ pattern, config: { methods, host, headers = {}, query = {} } }: Route): RehearsalRequest | undefined {
  if (methods !== undefined && !methods.includes('GET')) return undefined
  const hosts = [host ?? []].flat()
  const plainHost = hosts.find(name => !name.includes('*'))
  const wanted = values(headers)
  const search = values(query)
  if ((hosts.length > 0 && plainHost === undefined) || wanted === undefined || search === undefined) return undefined
  const parameters = new URLSearchParams(search).toString()
  return {
    method: 'GET',
    url: samplePath(pattern) + (parameters === '' ? '' : `?${parameters}`),
    headers: { ...(plainHost === undefined ? {} : { host: plainHost }), ...wanted }
  }
}

/** Returns a path for a pattern: `/users/1` for `/users/:id`, `/users` for `/users/*`. */
function samplePath (pattern: string): string {
  const path = pattern.replace(/\/\*$/, '').replaceAll('::', '\0').replace(/:\w+(\([^)]*\))?/g, '1').replaceAll('\0', ':')
  return path === '' ? '/' : path
}

type Condition = NonNullable<Route['config']['headers']>[string]

function values (conditions: Readonly<Record<string, Condition>>): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  for (const [name, condition] of Object.entries(conditions)) {
    if (typeof condition === 'string') found[name] = condition === '*' ? '1' : condition
    else if ('regex' in condition) return undefined
    else if (condition.present) found[name] = '1'
  }
  return found
}
