/** Which policies were on the way of an exchange, and what they decided: read from its record and the configuration of its generation. */

import type { RequestView } from './requests-view.ts'

export interface PolicyVerdict {
  readonly name: string
  readonly plugin: string
  /** `passed`, `refused`, or `after` for one that is listed after the one that refused; absent where that is not known. */
  readonly verdict?: 'passed' | 'refused' | 'after'
}

/** What is read of a configuration. */
export interface RoutedPolicies {
  readonly server: { readonly policies: readonly string[] }
  readonly policies: Readonly<Record<string, { readonly plugin: string }>>
  readonly routes: readonly {
    readonly name?: string
    readonly path: string
    readonly methods?: readonly string[]
    readonly policies: readonly string[]
    readonly respond?: { readonly status?: number }
  }[]
}

/** The policies in running order; none where the exchange has no route, or the configuration does not say which of several it was. */
export function policiesOf (request: RequestView, config: RoutedPolicies): PolicyVerdict[] {
  const { method, policy, route } = request
  const [one, ...others] = config.routes.filter(({ methods, name, path }) => {
    return (name ?? path) === route && (method === undefined || methods?.includes(method) !== false)
  })
  if (one === undefined || others.some(({ policies }) => policies.join() !== one.policies.join())) return []
  // One that the server has too runs once, with those of the server.
  const names = [...new Set([...config.server.policies, ...one.policies])]
  const refusing = policy === undefined ? -1 : names.indexOf(policy)
  const all = refusing === -1 && policy === undefined && reachedItsRoute(request, one) ? 'passed' : undefined
  return names.map((name, at) => {
    const verdict = refusing === -1 ? all : at < refusing ? 'passed' : at === refusing ? 'refused' : 'after'
    return { name, plugin: config.policies[name]?.plugin ?? '', ...verdict === undefined ? {} : { verdict } }
  })
}

/** An upstream is chosen after all policies. A fixed response without a reason is that of the route, but for an answer to a preflight. */
function reachedItsRoute (request: RequestView, { respond }: RoutedPolicies['routes'][number]): boolean {
  const { attempts, method, reason, status, upstream } = request
  if (upstream !== undefined || attempts.length > 0) return true
  return respond !== undefined && reason === undefined && method !== 'OPTIONS' && status === (respond.status ?? 200)
}
