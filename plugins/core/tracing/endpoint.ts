/** Where spans go: reads the address of a collector, with or without scheme. */

export type Protocol = 'grpc' | 'http/protobuf' | 'http/json'

/** A collector, fit to be asked. */
export interface Endpoint {
  readonly protocol: Protocol
  /** Whole URL for HTTP, origin for gRPC. */
  readonly url: string
}

/** Why an address is none. */
export interface EndpointProblem {
  readonly problem: string
  readonly hint: string
}

const hint = 'write host:port, such as localhost:4317 (gRPC) or localhost:4318 (HTTP), or a whole URL'
/** Ports of OTLP as IANA knows them. */
const grpcPort = '4317'
const httpPort = '4318'
const tracesPath = '/v1/traces'

/**
 * Reads an address. Without a path it is that of the collector, and gets the path of OTLP/HTTP.
 * @param base whether a path is that of the collector too, as in OTEL_EXPORTER_OTLP_ENDPOINT
 */
export function readEndpoint (text: string, protocol: Protocol | undefined, base = false): Endpoint | EndpointProblem {
  const bare = !text.includes('://')
  const url = bare && /^[^:[]+:[^\d]/.test(text) ? undefined : parse(bare ? `http://${text}` : text)
  if (url === undefined || url.hostname === '') return { problem: 'this is no address of a collector', hint }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { problem: `a collector is not asked by ${url.protocol}//`, hint: 'use http:// or https://, also for gRPC, or leave it out' }
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'an address carries no credentials', hint: 'put them in `tracing.headers`' }
  }
  if (url.hash !== '') return { problem: 'an address has no fragment', hint }
  const spoken = protocol ?? (url.port === grpcPort ? 'grpc' : 'http/protobuf')
  if (bare && url.port === '' && !text.endsWith(':80')) url.port = spoken === 'grpc' ? grpcPort : httpPort
  if (spoken === 'grpc') {
    if (url.pathname !== '/' || url.search !== '') {
      return { problem: 'gRPC has no path', hint: `leave "${url.pathname}${url.search}" out, or set \`protocol: http/protobuf\`` }
    }
    return { protocol: spoken, url: url.origin }
  }
  if (base) url.pathname = url.pathname.replace(/\/$/, '') + tracesPath
  else if (url.pathname === '/') url.pathname = tracesPath
  return { protocol: spoken, url: url.href }
}

function parse (text: string): URL | undefined {
  return /\s/.test(text) || !URL.canParse(text) ? undefined : new URL(text)
}
