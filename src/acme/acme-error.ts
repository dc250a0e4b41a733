/** Why a certificate was not issued. */

/** A problem document of a directory (RFC 7807, RFC 8555 §6.7). All of it comes from outside. */
export interface ProblemDocument {
  /** Without `urn:ietf:params:acme:error:`, such as `rateLimited`. */
  readonly type: string
  readonly detail: string
}

/** Options of an {@link AcmeError}. */
export interface AcmeErrorOptions extends ErrorOptions {
  readonly problem?: ProblemDocument | undefined
  /** Milliseconds that the directory asks to wait. */
  readonly retryAfter?: number | undefined
  /** Whether the directory could not be asked, so that it has not counted an attempt. */
  readonly unreachable?: boolean
}

/** Thrown when a step on the way to a certificate fails. The message is for operators. */
export class AcmeError extends Error {
  override readonly name = 'AcmeError'
  readonly problem: ProblemDocument | undefined
  readonly retryAfter: number | undefined
  readonly unreachable: boolean

  constructor (message: string, { problem, retryAfter, unreachable = false, ...options }: AcmeErrorOptions = {}) {
    super(problem === undefined ? message : `${message}: ${problem.detail} (${problem.type})`, options)
    this.problem = problem
    this.retryAfter = retryAfter
    this.unreachable = unreachable
  }
}

const prefix = 'urn:ietf:params:acme:error:'
const longestDetail = 500

/** Reads a problem document; undefined for anything else. Texts are cut, and control characters are replaced. */
export function readProblem (value: unknown): ProblemDocument | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, detail, subproblems } = value as Record<string, unknown>
  if (typeof type !== 'string') return undefined
  const inner = Array.isArray(subproblems) ? subproblems.slice(0, 5).map(readProblem).filter(problem => problem !== undefined) : []
  const details = [typeof detail === 'string' ? detail : '', ...inner.map(problem => problem.detail)].filter(text => text !== '')
  return { type: clean(type.startsWith(prefix) ? type.slice(prefix.length) : type), detail: clean(details.join('; ') || 'no detail') }
}

function clean (text: string): string {
  return text.slice(0, longestDetail).replaceAll(/[\p{Cc}\s]+/gu, ' ')
}
