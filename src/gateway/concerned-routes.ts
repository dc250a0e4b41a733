/** Finds the routes that can affect a request, so that a rehearsal need not build all routes. */

import { Socket } from 'node:net'
import type { RehearsalRequest } from '../contract/rehearsal.ts'
import type { Route } from '../contract/route.ts'
import { nodeHttp } from '../http/node-http.ts'
import { pathInterpretations } from '../http/path-interpretations.ts'
import type { PluginHost } from './plugin-host.ts'
import { rehearsalHeaders } from './rehearsal-headers.ts'

/** Returns the routes of its path and of the alternative interpretations of that path, in file order. */
export function concernedRoutes (host: PluginHost, request: RehearsalRequest): readonly Route[] {
  const raw = new nodeHttp.IncomingMessage(new Socket())
  raw.httpVersion = '1.1'
  raw.method = request.method
  raw.url = request.url
  for (const [name, value] of Object.entries(rehearsalHeaders(request))) raw.headers[name.toLowerCase()] = value
  const exchange = host.open(raw)
  const { path } = exchange
  const routes = new Set<Route>()
  for (const other of [path, ...pathInterpretations(path) ?? [], path.endsWith('/') ? path.slice(0, -1) : `${path}/`]) {
    exchange.path = other
    for (const { route } of host.router.explain(exchange)) routes.add(route)
  }
  return [...routes].sort((a, b) => a.index - b.index)
}
