/** Routes that are written as `grpc: package.Service/Method`: what they stand for. */

import type { Report } from '../contract/plugin.ts'
import { grpcMediaTypes } from '../http/grpc/media-type.ts'
import { grpcPathPattern } from '../http/grpc/method.ts'
import { child } from './pointer.ts'
import type { Config, RouteConfig } from './types.ts'

/** Keys that a gRPC route has by itself. */
const implied = ['path', 'methods'] as const

/** Gives every gRPC route its path, its method and the condition on Content-Type, and reports routes that cannot have them. */
export function expandGrpcRoutes (config: Config, report: Report): void {
  const routes = config.routes as RouteConfig[]
  for (const [index, route] of routes.entries()) {
    const pointer = child('/routes', index)
    if (route.grpc !== undefined) routes[index] = expand(route, route.grpc, pointer, report)
    else if (route.path === undefined) {
      report({ pointer, message: 'missing key "path"', hint: 'or "grpc" for methods of gRPC' })
      // The other checks go on, to report all problems at once.
      routes[index] = { ...route, path: '/' }
    }
  }
}

function expand (route: RouteConfig, pattern: string, pointer: string, report: Report): RouteConfig {
  const written = route as RouteConfig & Conditions
  for (const key of implied) {
    if (written[key] === undefined) continue
    report({ pointer: child(pointer, key), at: 'key', message: `"grpc" already stands for "${key}"` })
  }
  const type = Object.keys(written.headers ?? {}).find(name => name.toLowerCase() === 'content-type')
  if (type !== undefined) {
    report({ pointer: child(child(pointer, 'headers'), type), at: 'key', message: '"grpc" already stands for a condition on Content-Type' })
  }
  const expanded: RouteConfig & Conditions = {
    name: pattern,
    ...route,
    path: grpcPathPattern(pattern),
    methods: ['POST'],
    headers: { ...without(written.headers, type), 'content-type': { regex: grpcMediaTypes } }
  }
  return expanded
}

function without (headers: Conditions['headers'] = {}, name: string | undefined): Conditions['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name))
}

/** Keys of the routing plugin. */
interface Conditions {
  readonly methods?: readonly string[]
  readonly headers?: Readonly<Record<string, unknown>>
}
