/** Authentication: what a policy that knows clients says about a request. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GatewayError } from './errors.ts'
import type { PolicyOptions } from './policy.ts'

/** What is known about a client, such as the claims of a token. Shared by several requests: do not change it. */
export type Claims = Readonly<Record<string, unknown>>

/** The request may go on. */
export interface Admitted {
  readonly admitted: true
  /** Become part of `request.claims`; absent where the policy knows nothing about the client, such as one that looks at addresses. */
  readonly claims?: Claims
  /** Fields for the upstream, `[name, value, …]`; the plugin must name them in `config.sets`, so that no client can send them. */
  readonly fields?: readonly string[]
  /**
   * Fields for the client, `[name, value, …]`. One of the same name that the upstream sends takes its place;
   * of Set-Cookie both are sent.
   */
  readonly responseFields?: readonly string[]
  /** For `explain`, without a secret. A function where the text costs something. */
  readonly why: string | (() => string)
  /** True only in a rehearsal that cannot find out whether the request is admitted, such as from a service. See `unknownVerdict`. */
  readonly unknown?: boolean
}

/** The request goes no further. */
export interface Refused {
  readonly admitted: false
  /** Whether there was a credential of this kind at all. Of several alternatives the one that was tried answers for all. */
  readonly presented: boolean
  readonly error: GatewayError
  /** For `explain` and the log, without a secret. */
  readonly why: string
}

/** What an authenticator says of one request. */
export type Verdict = Admitted | Refused

/** Judges a request. An error that it throws, or rejects with, refuses the request (fail closed). */
export type Authenticator = (request: FastifyRequest) => Verdict | Promise<Verdict>

/** Makes the authenticator of a policy from its options: the named export `authenticator` of a plugin module. */
export type AuthenticatorFactory<O = never> = (app: FastifyInstance, options: O & PolicyOptions) => Authenticator | Promise<Authenticator>
