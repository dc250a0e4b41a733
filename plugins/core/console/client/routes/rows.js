/** The rows of the table of routes. Pure. */

import { figure } from '../parts/format.js'

/** The name of what no route of the file served. */
export const noRoute = '(none)'

/** What that is. */
export const noRouteText = 'requests that no route served'

/**
 * Makes rows of `GET /routes` and the live figures by name; the last one is what no route served. A row is the same object as before where
 * its route and its figures are.
 */
export function rowMaker () {
  let known = new Map()
  return (routes, traffic) => {
    const before = known
    const times = new Map()
    known = new Map()
    return [...routes, undefined].map(route => {
      const name = route?.name ?? noRoute
      // Routes may share a name.
      const time = (times.get(name) ?? 0) + 1
      times.set(name, time)
      const id = `${name} ${time}`
      const figures = traffic[name]
      const last = before.get(id)
      const isSame = last !== undefined && last.route === route && last.figures === figures
      const row = isSame ? last : rowOf(id, name, route, figures, last?.order)
      known.set(id, row)
      return row
    })
  }
}

function rowOf (id, name, route, figures, order) {
  const served = route && servedBy(route)
  return {
    id, name, route, figures, served,
    errors: errorsOf(figures),
    order: figures && steady(order, figures.rate),
    search: route === undefined ? `${name} ${noRouteText}` : textOf(route, served)
  }
}

/** What a filter looks for. */
function textOf ({ name, path, methods, host, chain }, { upstreams, text }) {
  return [name, path, methods, host, text, upstreams.map(upstream => upstream.name), chain].flat().filter(Boolean).join(' ')
}

/** What rows are sorted by: the rate, but that of before while it is about the same, so that rows do not change places each second. */
function steady (before, rate) {
  return before !== undefined && Math.abs(rate - before) <= before / 10 ? before : rate
}

/** What serves a route: upstreams, each with its part of the requests where there are several, or `text`. */
export function servedBy ({ upstream, target, split, respond, redirect, plugin }) {
  const one = upstream ?? target
  if (one !== undefined) return { upstreams: [{ name: one }] }
  if (split !== undefined) {
    const all = split.reduce((sum, { weight }) => sum + weight, 0)
    return { upstreams: split.map(({ upstream: name, weight }) => ({ name, share: all === 0 ? 0 : weight / all })) }
  }
  const text = respond !== undefined ? `responds ${respond.status ?? 200}`
    : redirect !== undefined ? `redirects to ${redirect.to}` : plugin !== undefined ? `plugin ${plugin}` : 'a plugin'
  return { upstreams: [], text }
}

/**
 * The errors of the last ten seconds: `share` of the requests, whose `fault` most of them are, and `words` with all of them. Undefined
 * where there were no requests.
 */
export function errorsOf (figures) {
  if (figures === undefined || figures.rate === 0) return undefined
  const faults = Object.entries(figures.errors).filter(([, rate]) => rate > 0).toSorted(([, a], [, b]) => b - a)
  const sum = faults.reduce((all, [, rate]) => all + rate, 0)
  return {
    share: Math.min(1, sum / figures.rate),
    fault: faults[0]?.[0],
    words: faults.map(([fault, rate]) => `${fault} ${figure(rate)}/s`).join(', ')
  }
}

/** A request that the route may fit, as parameters of the view that explains one. */
export function sampleOf ({ path, methods = ['GET'], host }) {
  const url = path.replace(/\*$/, '1').replaceAll('::', '\0').replaceAll(/:\w+(?:\([^)]*\))?/g, '1').replaceAll('\0', ':')
  const [first] = [host ?? []].flat()
  return { method: methods[0], url, header: first === undefined ? undefined : `host: ${first.replace(/^\*/, 'www')}` }
}
