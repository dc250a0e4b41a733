/** The certificates that a configuration names by relative paths, so that a page or an example can be loaded. */

import { issueCertificate, revocationList } from '../helpers/certificates.ts'

/** Files by path: certificates for localhost, with their keys, authorities of clients and lists of what they have revoked. */
export function certificateFiles (yaml: string): Record<string, string> {
  const files: Record<string, string> = {}
  const authority = issueCertificate({ subject: 'clients', ca: true })
  for (const { groups } of yaml.matchAll(/\bcert: (?<cert>[\w.-][\w./-]*), key: (?<key>[\w./-]+)|\bfolder: (?<folder>[\w.-][\w./-]*)/g)) {
    const { cert = `${groups!['folder']}/some.crt`, key = `${groups!['folder']}/some.key` } = groups!
    const names = groups!['folder'] === undefined ? 'localhost' : 'folder.test'
    const issued = issueCertificate({ subject: names, san: [`dns:${names}`] })
    Object.assign(files, { [cert]: issued.cert, [key]: issued.key })
  }
  for (const [, name] of yaml.matchAll(/\bca: ([\w.-][\w./-]*)/g)) files[name!] = authority.cert
  for (const [, name] of yaml.matchAll(/\bcrl: ([\w.-][\w./-]*)/g)) files[name!] = revocationList(authority, [])
  return files
}
