/** What a plugin module exports: a Fastify plugin, and the configuration keys that it owns. */

import type { FastifyPluginAsync, FastifyPluginCallback } from 'fastify'
import type { TObject, TSchema } from '#typebox'
import type { Config } from '../config/types.ts'
import type { AuthenticatorFactory } from './authentication.ts'
import type { Steps } from '../scheduling/steps.ts'

/** Reports a configuration problem at a place of the file, given as RFC 6901 pointer. */
export type Report = (problem: {
  pointer: string,
  message: string,
  hint?: string,
  severity?: 'error' | 'warning',
  at?: 'key' | 'value'
}) => void

/**
 * The keys a plugin owns in gateway.yaml, exported by its module as `config`. One declaration: validation,
 * editor schema, docs and messages are made from it.
 */
export interface PluginConfig {
  /** Options where the plugin is listed under `policies` or `plugins`. */
  readonly options?: TObject
  /** Top-level keys. */
  readonly root?: Readonly<Record<string, TSchema>>
  /** Keys of `server`. */
  readonly server?: Readonly<Record<string, TSchema>>
  /** Keys of every upstream. */
  readonly upstream?: Readonly<Record<string, TSchema>>
  /** Keys of every target that is written as a mapping. */
  readonly target?: Readonly<Record<string, TSchema>>
  /** Keys of every route. */
  readonly route?: Readonly<Record<string, TSchema>>
  /** Route keys that this plugin answers for; every route must have exactly one of all plugins' ones. */
  readonly answers?: readonly string[]
  /**
   * Target keys whose targets this plugin finds while the gateway runs (`upstream.setSource`); a target has
   * exactly one of `url` and these.
   */
  readonly finds?: readonly string[]
  /**
   * Names of the fields, in lower case, that a policy with these options gives to upstreams
   * (`setUpstreamField`). No client can send them, on no route.
   */
  sets? (options: never): readonly string[]
  /**
   * Other policies that a policy with these options makes use of: names, with pointers relative to that use.
   * Each must be one that authenticates.
   */
  uses? (options: never): readonly { readonly pointer: string, readonly name: string }[]
  /**
   * Whether a policy with these options tells who its clients are, so that a route that lists it is not open to
   * everybody. Asked where the module has an `authenticator`; absent means yes. `others` answers it for a policy that
   * this one uses.
   */
  authenticates? (options: never, others: (name: string) => boolean): boolean
  /**
   * What a policy with these options wants of the claims that one before it found out: `needed` where it refuses
   * everybody without them, `used` where it does something else then. A list that has the two in the wrong order is
   * warned of.
   */
  claims? (options: never): 'needed' | 'used' | undefined
  /**
   * Whether it answers CORS preflights: routes that list it then get those that ask for one of their methods,
   * though they may not serve OPTIONS.
   */
  readonly answersPreflight?: boolean
  /**
   * What a schema cannot say about the whole file. Runs when all schemas hold. One that looks at every route
   * may be a generator: where it yields, requests get a turn.
   */
  check? (config: Config, report: Report): void | Steps<void>
  /** The same for one use of the plugin; pointers are relative to that use. */
  checkOptions? (options: never, report: Report): void
}

/** A plugin module: a Fastify plugin as default export, and the keys it owns. */
export interface PluginModule {
  readonly default: FastifyPluginAsync<never> | FastifyPluginCallback<never>
  readonly config?: PluginConfig
  /** Where it is an authentication policy: what `default` is made from, so that `any-of` and `all-of` can combine it with others. */
  readonly authenticator?: AuthenticatorFactory
}
