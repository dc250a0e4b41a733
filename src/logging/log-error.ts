/** Serializes errors for the log: with their causes and codes, and without what libraries attach to them. */

/** How deep causes are followed, and how many errors of one AggregateError are shown. */
const deepest = 8
const most = 8

/** The logged properties of errors of Node, undici and databases. Any other property could be a request with its credentials. */
const facts = ['code', 'errno', 'syscall', 'address', 'port', 'hostname', 'path', 'statusCode'] as const

interface ErrorLike {
  readonly name?: string
  readonly message: string
  readonly stack?: string
  readonly cause?: unknown
  readonly errors?: unknown
}

/** Serializes an error: `type`, `message`, `code`, `stack` with those of all causes, `cause`, and `errors` of an AggregateError. */
export function serializeError (error: unknown): unknown {
  if (!isErrorLike(error)) return error
  return { ...describe(error, new Set()), stack: stackOf(error, new Set()) }
}

function describe (error: ErrorLike, seen: Set<unknown>): Record<string, unknown> {
  seen.add(error)
  const described: Record<string, unknown> = { type: error.constructor.name || error.name, message: error.message }
  for (const name of facts) {
    const value = (error as unknown as Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'string' || typeof value === 'number') described[name] = value
  }
  const { cause, errors } = error
  if (follow(cause, seen)) described['cause'] = describe(cause, seen)
  else if (typeof cause === 'string') described['cause'] = { message: cause }
  if (Array.isArray(errors)) {
    described['errors'] = errors.slice(0, most).filter(one => follow(one, seen)).map(one => describe(one, seen))
    if (errors.length > most) described['omitted'] = errors.length - most
  }
  return described
}

function stackOf (error: ErrorLike, seen: Set<unknown>): string {
  seen.add(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  return follow(error.cause, seen) ? `${own}\ncaused by: ${stackOf(error.cause, seen)}` : own
}

function follow (error: unknown, seen: ReadonlySet<unknown>): error is ErrorLike {
  return isErrorLike(error) && !seen.has(error) && seen.size < deepest
}

function isErrorLike (error: unknown): error is ErrorLike {
  return typeof error === 'object' && error !== null && typeof (error as ErrorLike).message === 'string'
}
