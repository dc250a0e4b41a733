/** Where a listener gets certificates from that do not stand in the file, such as those that an authority issues by itself. */

/** A certificate with the certificates of its authority after it, and its key, each as PEM text. */
export interface SourcedCertificate {
  readonly cert: string
  readonly key: string
}

/** Certificates that come and change while the gateway runs. */
export interface CertificateSource {
  /** Those that there are now. */
  certificates (): readonly SourcedCertificate[]
  /** Calls `listener` after each change. Returns what ends that. */
  onChange (listener: () => void): () => void
}
