/** Who uses the admin listener, and what they may do there. */

import type { FastifyRequest } from 'fastify'

/** `view` reads; `operate` reads and changes. */
export type OperatorRole = 'view' | 'operate'

/** How an operator was recognized: `loopback` where no token is configured, by a token in the request, or by a session. */
export type OperatorWay = 'loopback' | 'token' | 'session'

/** Somebody who uses the admin listener. */
export interface Operator {
  /** The address of the connection. */
  readonly address: string
  readonly role: OperatorRole
  readonly via: OperatorWay
  /** When the session ends by itself, milliseconds since 1970. */
  readonly until?: number
  /** Aborted when the session has ended: a response that is still sent then must end too. */
  readonly ended?: AbortSignal
}

/** Who made a change, as fields of its event: the address of the operator, and how the operator was recognized. */
export interface Signature {
  readonly by: string
  readonly via: OperatorWay
}

declare module 'fastify' {
  interface FastifyRequest {
    /** On the admin listener: who asks; null on routes that need no token, and undefined without the plugin `admin`. */
    operator?: Operator | null
  }
  interface FastifyContextConfig {
    /** On a route of the admin listener: who may use it. By default `view` for GET and HEAD, `operate` for other methods. */
    role?: OperatorRole
  }
}

/**
 * The operator behind a request that the guard of the admin listener has let in. Without the plugin `admin` there is no guard, and
 * everybody operates.
 * @throws Error on a route that needs no token, whose operator the guard has not determined
 */
export function operatorOf ({ operator, ip, url }: FastifyRequest): Operator {
  if (operator === null) throw new Error(`the operator of this request is not known: ${url.split('?')[0]}`)
  return operator ?? { address: ip, role: 'operate', via: 'loopback' }
}

/** The fields with which the event of a change says who made it. */
export function signatureOf (request: FastifyRequest): Signature {
  const { address, via } = operatorOf(request)
  return { by: address, via }
}
