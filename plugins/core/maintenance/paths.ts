/** Paths that stay open: exact ones, and all below a `/*`. */

/** Compiles a list to a test on the path of a request, as the client wrote it. */
export function compilePaths (paths: readonly string[]): (path: string) => boolean {
  const exact = new Set(paths.filter(path => !path.endsWith('/*')))
  const prefixes = paths.filter(path => path.endsWith('/*')).map(path => path.slice(0, -1))
  return path => exact.has(path) || prefixes.some(prefix => path.startsWith(prefix))
}
