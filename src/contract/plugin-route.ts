/** A route that a plugin adds to the gateway, beside those of the file. */

export interface PluginRoute {
  /** The file or package that added it, as the configuration names it. */
  readonly plugin: string
  /** None for all methods. */
  readonly methods: readonly string[]
  /** The path in the words of Fastify. */
  readonly path: string
  /** The policies that its requests pass, in running order. */
  readonly policies: readonly string[]
  /** Whether the plugin says that everybody may use it: `config: { public: true }`. */
  readonly public: boolean
  /** The place that lists the plugin. */
  readonly pointer: string
}
