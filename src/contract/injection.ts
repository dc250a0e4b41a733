/** A request that a program gives to the gateway without a connection, and its response. */

/** A request to inject. */
export interface InjectedRequest {
  /** By default GET. */
  readonly method?: string
  /** Path and query, or a whole URL, whose host becomes the `host` field. */
  readonly url: string
  /** Header fields by name. Without `host` it is that of `url`, or `localhost`. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Text or bytes are sent as they are. Anything else is sent as JSON, with `content-type: application/json` unless it is given. */
  readonly body?: unknown
  /** The address of the client, by default 127.0.0.1. */
  readonly remoteAddress?: string
  /** The certificate of the client (PEM), which counts as trusted. Where it is given, the connection counts as TLS. */
  readonly certificate?: string
  /** Ends the request, as a client does that closes its connection. */
  readonly signal?: AbortSignal
}

/** A complete response. The names are those of Fastify's `inject`. */
export interface InjectedResponse {
  readonly statusCode: number
  readonly statusMessage: string
  /** Header fields by name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body as text. */
  readonly body: string
  readonly rawPayload: Buffer
  /** Parses the body as JSON. @throws SyntaxError for a body that is not JSON */
  json<T = unknown> (): T
}
