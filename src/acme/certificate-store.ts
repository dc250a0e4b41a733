/** The folder with the account and the certificates of one directory. Gateways may share it. */

import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, type X509Certificate } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { certificatesIn } from './chain.ts'
import { takeLock } from './folder-lock.ts'
import { createPrivate, readIfThere, writePrivate } from './private-files.ts'

/** A certificate as it lies in the folder. */
export interface StoredCertificate {
  /** With the certificates of the authority after it, PEM. */
  readonly chain: string
  /** PEM. */
  readonly key: string
  /** The first one of the chain. */
  readonly leaf: X509Certificate
}

/** When a certificate may be requested again, after failures. */
export interface Attempts {
  readonly failures: number
  /** When the last one failed, in milliseconds since 1970. */
  readonly at: number
  /** When to try again. */
  readonly next: number
  /** Whether the directory has asked for that time. */
  readonly asked: boolean
}

export class CertificateStore {
  readonly folder: string

  /**
   * @param root the folder for all directories
   * @param directory URL of the directory
   */
  constructor (root: string, directory: string) {
    const { host, pathname } = new URL(directory)
    this.folder = join(root, `${host}${pathname}`.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-').replace(/-$/, ''))
  }

  /** The key of the account of an address. The first caller makes it. */
  async accountKey (email: string | undefined): Promise<KeyObject> {
    const file = join(this.folder, `account-${shortHash(email ?? '')}.key`)
    if (await readIfThere(file) === undefined) await createPrivate(file, newKey().text)
    return createPrivateKey((await readIfThere(file))!)
  }

  /** The file of the certificate for some hosts. Key and certificates are in one file, so that both change at once. */
  fileOf (hosts: readonly string[]): string {
    return join(this.folder, `${nameOf(hosts)}.pem`)
  }

  /** The usable certificate for some hosts, with its key; undefined when the folder has none. */
  async read (hosts: readonly string[]): Promise<StoredCertificate | undefined> {
    return parse(await readIfThere(this.fileOf(hosts)) ?? '', hosts)
  }

  /** Replaces the certificate for some hosts. */
  async write (hosts: readonly string[], { chain, key }: Pick<StoredCertificate, 'chain' | 'key'>): Promise<void> {
    await writePrivate(this.fileOf(hosts), key + chain)
  }

  /** Makes sure that only one of those that share the folder requests a certificate. Undefined when another one does. */
  async lock (hosts: readonly string[], now: () => number): Promise<(() => Promise<void>) | undefined> {
    return await takeLock(join(this.folder, `${nameOf(hosts)}.lock`), now)
  }

  /** What is known about failures; undefined when the last request succeeded. */
  async attempts (hosts: readonly string[]): Promise<Attempts | undefined> {
    return parseAttempts(await readIfThere(this.#attemptsFile(hosts)))
  }

  /** Keeps it, so that a restart does not request again at once. */
  async keepAttempts (hosts: readonly string[], attempts: Attempts): Promise<void> {
    await writePrivate(this.#attemptsFile(hosts), JSON.stringify(attempts))
  }

  /** After a success. */
  async forgetAttempts (hosts: readonly string[]): Promise<void> {
    await rm(this.#attemptsFile(hosts), { force: true })
  }

  #attemptsFile (hosts: readonly string[]): string {
    return join(this.folder, `${nameOf(hosts)}.json`)
  }
}

/** A new P-256 key. */
export function newKey (): { readonly key: KeyObject, readonly text: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { key: privateKey, text: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}

/** The name of a set of hosts: that of the first, and for several a digest of all. Host names are safe names of files. */
function nameOf (hosts: readonly string[]): string {
  return hosts.length === 1 ? hosts[0]! : `${hosts[0]!}+${hosts.length - 1}-${shortHash(hosts.toSorted().join())}`
}

function shortHash (text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function parse (text: string, hosts: readonly string[]): StoredCertificate | undefined {
  const start = text.indexOf('-----BEGIN CERTIFICATE')
  if (start <= 0) return undefined
  try {
    const key = text.slice(0, start)
    const chain = text.slice(start)
    const [leaf] = certificatesIn(chain)
    if (leaf?.checkPrivateKey(createPrivateKey(key)) !== true) return undefined
    return hosts.every(host => leaf.checkHost(host, { subject: 'never' }) !== undefined) ? { chain, key, leaf } : undefined
  } catch {
    return undefined
  }
}

function parseAttempts (text: string | undefined): Attempts | undefined {
  try {
    const { failures, at, next, asked } = JSON.parse(text ?? '') as Record<string, unknown>
    if (typeof failures !== 'number' || typeof at !== 'number' || typeof next !== 'number') return undefined
    return { failures, at, next, asked: asked === true }
  } catch {
    return undefined
  }
}
