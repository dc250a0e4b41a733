/** The connection of a client, as data. */

import type { X509Certificate } from 'node:crypto'

/** The listener of a connection, as it is configured now. */
export interface ConnectionListener {
  /** Such as `0.0.0.0:8080`. */
  readonly name: string
  /** The port of https to which its requests are redirected; undefined where they are served. */
  readonly redirectPort: number | undefined
}

export interface ClientConnection {
  /** The listener that accepted it. */
  readonly listener: ConnectionListener
  /**
   * Address of the peer, an IPv4-mapped one as IPv4; '' for a Unix socket. Where a proxy stands in front, the proxy is the peer: the
   * address of the client is `exchange.clientIp`.
   */
  readonly address: string
  readonly port: number | undefined
  /** The port of the gateway; undefined for a Unix socket. */
  readonly localPort: number | undefined
  /** Undefined for a connection without TLS. */
  readonly tls: ClientTls | undefined
}

export interface ClientTls {
  /** Such as `TLSv1.3`. */
  readonly protocol: string
  /** The name that the client asked for (SNI); undefined where it sent none. */
  readonly serverName: string | undefined
  /** The certificate that the client has proved to own; undefined where it has sent none. */
  readonly certificate: X509Certificate | undefined
  /** Why the certificate is not trusted, as a code of OpenSSL such as `CERT_HAS_EXPIRED`; undefined where it is. */
  readonly certificateProblem: string | undefined
  /** Whether requests for this host may come over the connection: not where the host asks its clients for other certificates. */
  admits (host: string): boolean
}
