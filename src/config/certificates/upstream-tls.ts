/** Reads the certificates and keys of `upstreams.*.tls` and `upstreams.*.targets[].tls`, and says what is wrong with them. */

import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Report } from '../../contract/plugin.ts'
import { child } from '../pointer.ts'
import type { Print } from '../read/text-file.ts'
import type { Config, UpstreamConfig } from '../types.ts'
import { isExposed } from './exposed-key.ts'
import { lifeProblem } from './life.ts'
import { readPair } from './pair.ts'
import { pemBlocks, readPem, type PemText } from './pem.ts'

/** What is needed beside the configuration. */
export interface ReadingContext {
  /** That relative paths are relative to. */
  readonly folder: string
  /** Gets the fingerprints of the files. */
  readonly files: Map<string, Print>
  readonly report: Report
  /** Milliseconds since 1970. */
  readonly now: number
}

type Tls = UpstreamConfig['tls']
/** `tls` of a target: the keys that differ from those of its upstream. */
type Written = { -readonly [K in keyof Tls]?: Tls[K] }

/** Puts the texts of the files in the place of their paths, so that nothing else has to know about files. */
export function readUpstreamTls (upstreams: Config['upstreams'], context: ReadingContext): void {
  for (const [name, { tls, targets }] of Object.entries(upstreams)) {
    const pointer = child('/upstreams', name)
    readTls(tls, {}, child(pointer, 'tls'), context)
    for (const [index, target] of targets.entries()) {
      if (typeof target === 'string' || target.tls === undefined) continue
      const place = child(child(pointer, 'targets'), index)
      readTls(target.tls, tls, child(place, 'tls'), context)
      if (target.url?.startsWith('http://') === true) {
        context.report({ pointer: child(place, 'tls'), at: 'key', message: 'a target with http:// has no TLS' })
      }
    }
  }
}

/** @param inherited what counts where a key is absent; it has been read */
function readTls (tls: Written, inherited: Written, pointer: string, context: ReadingContext): void {
  const { folder, files, report } = context
  const read = (key: 'ca' | 'cert' | 'key'): PemText | undefined => {
    const value = tls[key]
    if (value === undefined) return undefined
    const text = readPem(value, folder, files)
    // YAML blocks and files bring blank lines along.
    return text.failure === undefined ? { ...text, text: text.text.trim() } : text
  }
  const [ca, cert, key] = [read('ca'), read('cert'), read('key')]
  if (ca !== undefined) checkAuthorities(ca, child(pointer, 'ca'), context)
  checkPair([cert ?? textOf(inherited.cert), key ?? textOf(inherited.key)], tls, pointer, context)
  if (key?.failure === undefined && key?.file !== undefined && isExposed(key.file)) {
    const message = 'every user of this machine can read the key'
    report({ severity: 'warning', pointer: child(pointer, 'key'), message, hint: 'chmod 600' })
  }
  for (const [name, text] of Object.entries({ ca, cert, key })) {
    if (text !== undefined && text.failure === undefined) tls[name as 'ca'] = text.text
  }
}

function textOf (text: string | undefined): PemText | undefined {
  return text === undefined ? undefined : { text, file: undefined }
}

function checkPair (
  [cert, key]: readonly [PemText | undefined, PemText | undefined],
  written: Written,
  pointer: string,
  { report, now }: ReadingContext
): void {
  if (written.cert === undefined && written.key === undefined) return
  if (cert === undefined || key === undefined) {
    const [there, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    report({ pointer: child(pointer, there), at: 'key', message: `"${there}" needs "${missing}" beside it` })
    return
  }
  const { pair, problems } = readPair(cert, key, 'client')
  for (const { of, ...problem } of problems) report({ ...problem, pointer: child(pointer, written[of] === undefined ? other(of) : of) })
  const message = pair === undefined ? undefined : lifeProblem(pair, now)
  if (message === undefined) return
  const place = child(pointer, written.cert === undefined ? 'key' : 'cert')
  report({ severity: 'warning', pointer: place, message: `the certificate ${message}` })
}

function other (of: 'cert' | 'key'): 'cert' | 'key' {
  return of === 'cert' ? 'key' : 'cert'
}

function checkAuthorities (ca: PemText, pointer: string, { report, now }: ReadingContext): void {
  if (ca.failure !== undefined) {
    report({ pointer, message: `${ca.file}: ${ca.failure}` })
    return
  }
  const label = ca.file ?? 'it'
  const blocks = pemBlocks(ca.text, 'CERTIFICATE')
  if (blocks.length === 0) {
    report({ pointer, message: `${label} has no certificate in PEM form` })
    return
  }
  try {
    createSecureContext({ ca: ca.text })
    for (const block of blocks) {
      const { subject, validFrom, validTo } = new X509Certificate(block)
      const problem = lifeProblem({ from: Date.parse(validFrom), to: Date.parse(validTo) }, now)
      if (problem !== undefined) report({ severity: 'warning', pointer, message: `${subject.replaceAll('\n', ', ')} ${problem}` })
    }
  } catch {
    report({ pointer, message: `${label} has a certificate that cannot be read` })
  }
}
