/** Types of the compiled configuration. Plugins add their own keys by declaration merging. */

import type { Static } from '#typebox'
import type { AdminSchema, DnsSchema, LoggingSchema } from './schema/process-schema.ts'
import type { ListenerConfig } from './schema/listener-schema.ts'
import type { RetrySchema } from './schema/retry-schema.ts'
import type { RouteSchema } from './schema/route-schema.ts'
import type { ServerSchema } from './schema/server-schema.ts'
import type {
  ConnectionsSchema, FallbackSchema, ProtocolSchema, TargetTlsSchema, TimeoutsSchema, TlsSchema
} from './schema/upstream-schema.ts'

/** Top-level keys of plugins. */
export interface RootKeys {}

/** The compiled configuration: validated, with defaults filled in, durations in milliseconds and sizes in bytes. */
export interface Config extends RootKeys {
  readonly server: ServerConfig
  /** Never empty: without `listeners` in the file it is that of `server.host` and `server.port`. */
  readonly listeners: readonly ListenerConfig[]
  readonly admin: Static<typeof AdminSchema>
  readonly logging: Static<typeof LoggingSchema>
  readonly dns: Static<typeof DnsSchema>
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>
  readonly policies: Readonly<Record<string, PluginEntry>>
  readonly plugins: readonly PluginEntry[]
  readonly routes: readonly RouteConfig[]
}

/** Keys of `server`, those of plugins included. */
export interface ServerConfig extends Static<typeof ServerSchema> {}

/** Keys of one upstream, those of plugins included. */
export interface UpstreamConfig {
  readonly targets: readonly TargetConfig[]
  readonly protocol: Static<typeof ProtocolSchema>
  readonly timeouts: Static<typeof TimeoutsSchema>
  readonly retry: Static<typeof RetrySchema>
  readonly tls: Static<typeof TlsSchema>
  readonly connections: Static<typeof ConnectionsSchema>
  readonly fallback?: Static<typeof FallbackSchema>
}

/** Keys of one target beside its URL, those of plugins included. */
export interface TargetSettings {
  readonly weight?: number
  readonly tls?: Static<typeof TargetTlsSchema>
}

/** One entry of `targets`: a URL, or a mapping with `url` or with the key of a plugin that replaces it. */
export type TargetConfig = string | ({ readonly url?: string } & TargetSettings)

/** Keys of one route, those of plugins included. */
export interface RouteConfig extends Omit<Static<typeof RouteSchema>, 'path'> {
  /** That of the file, or the one that `grpc` stands for. */
  readonly path: string
}

/** A use of a plugin: its name, path or package, with its options beside it. */
export interface PluginEntry {
  readonly plugin: string
  readonly [option: string]: unknown
}
