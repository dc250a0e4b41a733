/** Names of gRPC methods: `/package.Service/Method` as a path, `package.Service/Method` as a pattern of routes. */

/** A method by its parts. */
export interface GrpcMethod {
  readonly service: string
  readonly method: string
}

/** Returns the method that a path names; undefined for a path that names none. */
export function readGrpcPath (path: string): GrpcMethod | undefined {
  const slash = path.indexOf('/', 1)
  if (path[0] !== '/' || slash < 2 || slash === path.length - 1 || path.includes('/', slash + 1)) return undefined
  return { service: path.slice(1, slash), method: path.slice(slash + 1) }
}

/**
 * Forms of a pattern: one method `shop.Orders/Get`, all of a service `shop.Orders/*`, all services of a package `shop.*`.
 */
export const grpcPattern = '^(?:[A-Za-z_]\\w*\\.)*(?:[A-Za-z_]\\w*/(?:\\*|[A-Za-z_]\\w*)|\\*)$'

/** Returns the path pattern of a route for a gRPC pattern. */
export function grpcPathPattern (pattern: string): string {
  if (pattern === '*') return '/:service/:method'
  if (pattern.endsWith('.*')) return `/${pattern.slice(0, -1)}:service/:method`
  return pattern.endsWith('/*') ? `/${pattern.slice(0, -1)}:method` : `/${pattern}`
}
