/** Texts with PEM blocks (RFC 7468): written in the configuration, or in a file that it names. */

import { resolve } from 'node:path'
import { readTextFile, type Print } from '../read/text-file.ts'

/** A text, and the file that it is from, absolute; or why it cannot be read. */
export type PemText =
  | { readonly text: string, readonly file: string | undefined, readonly failure?: undefined }
  | { readonly failure: string, readonly file: string }

/** The largest file, in bytes. The bundles of all public authorities have a quarter of it. */
const largest = 1024 * 1024

/** Whether a value of the configuration is such a text itself and not a path. */
export function isPem (value: string): boolean {
  return value.includes('-----BEGIN ')
}

/**
 * Reads what a value of the configuration stands for.
 * @param folder that relative paths are relative to
 * @param files gets the fingerprint of the file
 */
export function readPem (value: string, folder: string, files: Map<string, Print>): PemText {
  if (isPem(value)) return { text: value, file: undefined }
  const file = resolve(folder, value)
  const read = readTextFile(file, largest)
  files.set(file, read.print)
  if (!('failure' in read)) return { text: read.text, file }
  const binary = read.failure.includes('UTF-8')
  return { failure: binary ? 'it is not PEM; `openssl x509 -inform der` converts a certificate' : read.failure, file }
}

/** The blocks with a label, such as `CERTIFICATE`. */
export function pemBlocks (text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]*-----END ${label}-----`, 'g')) ?? []
}
