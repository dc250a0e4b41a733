/** Shapes of the compiled configuration. Plugins add their own keys by declaration merging. */

import type { Static } from 'typebox'
import type { AdminSchema, ConnectionsSchema, DnsSchema, FallbackSchema, LoggingSchema, RetrySchema, RouteSchema, ServerSchema, TimeoutsSchema, TlsSchema } from './schema/schema.ts'

/** Top-level keys of plugins. */
export interface RootKeys {}

/** The compiled configuration: validated, defaults filled in, durations in milliseconds, sizes in bytes. */
export interface Config extends RootKeys {
  readonly server: ServerConfig
  readonly admin: Static<typeof AdminSchema>
  readonly logging: Static<typeof LoggingSchema>
  readonly dns: Static<typeof DnsSchema>
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>
  readonly policies: Readonly<Record<string, PluginEntry>>
  readonly plugins: readonly PluginEntry[]
  readonly routes: readonly RouteConfig[]
}

/** Keys of `server`, plugins' ones included. */
export interface ServerConfig extends Static<typeof ServerSchema> {}

/** Keys of one upstream, plugins' ones included. */
export interface UpstreamConfig {
  readonly targets: readonly TargetConfig[]
  readonly timeouts: Static<typeof TimeoutsSchema>
  readonly retry: Static<typeof RetrySchema>
  readonly tls: Static<typeof TlsSchema>
  readonly connections: Static<typeof ConnectionsSchema>
  readonly fallback?: Static<typeof FallbackSchema>
}

/** Keys of one target beside its URL; plugins add theirs by declaration merging. */
export interface TargetSettings {
  readonly weight?: number
}

/** One entry of `targets`: a URL, or a mapping with `url` or a plugin's key that stands in for it. */
export type TargetConfig = string | ({ readonly url?: string } & TargetSettings)

/** Keys of one route, plugins' ones included. */
export interface RouteConfig extends Static<typeof RouteSchema> {}

/** A use of a plugin: its name, path or package, and its options beside it. */
export interface PluginEntry {
  readonly plugin: string
  readonly [option: string]: unknown
}
