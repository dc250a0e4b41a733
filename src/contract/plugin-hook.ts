/** A hook of a plugin that is not built in. */

export interface PluginHook {
  /** The file or package, as the configuration names it. */
  readonly plugin: string
  /** The name of the policy; undefined for one of the list `plugins`. */
  readonly policy: string | undefined
  /** A hook of Fastify, such as `onSend`; `handler` or `errorHandler`. */
  readonly hook: string
}
