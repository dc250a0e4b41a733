/** What a gateway is made with, and what its start returns. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock, Random } from '../contract/clock.ts'
import type { PluginModule } from '../contract/plugin.ts'
import type { Override } from '../config/read/overrides.ts'
import { folderOf, type ConfigSource } from '../config/read/config-source.ts'

/** A configuration that is no file: YAML text, or a plain object with what a file would contain. */
export type InlineConfig = string | object

/** A plugin as code: the exports of its module, or only its function. */
export type GivenPlugin = PluginModule | PluginModule['default']

/** Options of a gateway. Exactly one of `file` and `config` is needed. */
export interface GatewayOptions {
  /** The path of the configuration file. */
  readonly file?: string
  /** The configuration itself: YAML text, or a plain object. It is read, validated and completed like a file. */
  readonly config?: InlineConfig
  /** The folder to which relative paths in `config` refer. By default the working directory. */
  readonly folder?: string
  /** Plugins that the configuration may name. They have precedence over packages of the same name. */
  readonly plugins?: Readonly<Record<string, GivenPlugin>>
  /**
   * Where the gateway logs, such as `app.log` of a Fastify app. By default it writes to standard output, as `logging` says. A given logger
   * has its own format, level and redaction.
   */
  readonly logger?: FastifyBaseLogger
  /** Time, for limits, breakers, health and dates. By default that of the machine. */
  readonly clock?: Clock
  /** By default `Math.random`. */
  readonly random?: Random
  /** Values of the `${VARIABLES}` of the configuration. By default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Values in place of those of the configuration, which reloads keep. */
  readonly overrides?: readonly Override[]
  /** Whether the configuration is reloaded when its files change. By default not. */
  readonly watch?: boolean
}

/** Where to listen, in place of what the configuration says. */
export interface ListenOptions {
  /** Of the first listener for clients. */
  readonly host?: string
  /** Of the same; 0 for any free port. */
  readonly port?: number
  /** The port of the admin listener. */
  readonly adminPort?: number
}

/** The base URLs of the listeners; `unix:` and the path of a Unix socket. */
export interface Addresses {
  /** The first listener for clients. */
  readonly proxy: string
  /** All listeners for clients, in the order of the configuration. */
  readonly listeners: readonly string[]
  /** Undefined where the configuration disables the admin listener. */
  readonly admin: string | undefined
}

/** Where the configuration of these options comes from. @throws TypeError unless there is exactly one of `file` and `config` */
export function sourceOf ({ file, config, folder }: GatewayOptions): ConfigSource {
  if ((file === undefined) === (config === undefined)) throw new TypeError('a gateway needs exactly one of `file` and `config`')
  if (file === undefined) return inlineSource(config, folder)
  if (typeof file !== 'string') throw new TypeError('`file` must be the path of a configuration')
  if (folder !== undefined) throw new TypeError('`folder` is for a `config`; a file is in its own folder')
  return file
}

/** The source of a configuration that is no file. @throws TypeError when it is neither text nor an object */
export function inlineSource (config: unknown, folder = '.'): ConfigSource {
  if (typeof config === 'string') return { content: config, folder: folderOf({ content: config, folder }) }
  if (typeof config === 'object' && config !== null) return { content: config, folder: folderOf({ content: config, folder }) }
  throw new TypeError('`config` must be YAML text or a plain object')
}
