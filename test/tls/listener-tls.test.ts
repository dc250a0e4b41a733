/** What a listener does about its certificates in the course of time, with a clock of the test. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isExpiring, lifeProblem } from '../../src/config/certificates/life.ts'
import type { ListenerTlsConfig } from '../../src/config/schema/listener-tls-schema.ts'
import type { CertificateSource } from '../../src/contract/certificate-source.ts'
import type { EventFact } from '../../src/contract/events.ts'
import { handshakeFailure } from '../../src/listeners/tls/handshake-failure.ts'
import type { HandshakeRules } from '../../src/listeners/tls/handshakes.ts'
import { ListenerTls } from '../../src/listeners/tls/listener-tls.ts'
import { issueCertificate, revocationList } from '../helpers/certificates.ts'

const day = 86_400_000
const ca = issueCertificate({ subject: 'clients', ca: true })
const usual = { certificates: [{ cert: 'a.pem', key: 'a.key' }], minVersion: '1.2', handshakeTimeout: 1000, maxHandshakes: 10 } as const

interface Kept {
  readonly tls: ListenerTls
  readonly events: EventFact[]
  readonly rules: HandshakeRules[]
  readonly at: { now: number }
  readonly write: (name: string, text: string) => void
  readonly apply: (tls: Partial<ListenerTlsConfig>, sources?: readonly CertificateSource[]) => void
}

function keep (t: TestContext, tls: Partial<ListenerTlsConfig> = {}, notAfter = new Date(Date.now() + 90 * day)): Kept {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const { cert, key } = issueCertificate({ subject: 'a.test', san: ['dns:a.test'], notAfter })
  write('a.pem', cert)
  write('a.key', key)
  write('ca.pem', ca.cert)
  write('crl.pem', revocationList(ca, []))
  const events: EventFact[] = []
  const rules: HandshakeRules[] = []
  const at = { now: Date.now() }
  const kept = new ListenerTls({ tls: { ...usual, ...tls } as ListenerTlsConfig, folder, sources: [] }, {
    listener: 'l',
    now: () => at.now,
    emit: fact => events.push(fact),
    secure: next => rules.push(next),
    closeCertified: () => 7
  })
  t.after(() => {
    kept.close()
    rmSync(folder, { recursive: true })
  })
  const apply: Kept['apply'] = (next, sources = []) => kept.apply({ tls: { ...usual, ...next } as ListenerTlsConfig, folder, sources })
  return { tls: kept, events, rules, at, write, apply }
}

const ticketKeys = ({ rules }: Kept): string => Buffer.from(rules.at(-1)!.book.first!.options.ticketKeys!).toString('hex')

test('ticket keys outlive certificates, and change every day and with what clients are trusted', t => {
  const kept = keep(t, { clientAuth: { ca: 'ca.pem', crl: 'crl.pem', mode: 'optional' } })
  const first = ticketKeys(kept)
  const next = issueCertificate({ subject: 'a.test', san: ['dns:a.test'] })
  kept.write('a.pem', next.cert)
  kept.write('a.key', next.key)
  const auth = { clientAuth: { ca: 'ca.pem', crl: 'crl.pem', mode: 'optional' } } as const
  kept.apply(auth)
  assert.equal(ticketKeys(kept), first)
  kept.at.now += day - 1
  kept.tls.look()
  assert.equal(ticketKeys(kept), first)
  kept.at.now += 1
  kept.tls.look()
  const second = ticketKeys(kept)
  assert.notEqual(second, first)
  kept.write('crl.pem', revocationList(ca, [next]))
  kept.apply(auth)
  assert.notEqual(ticketKeys(kept), second)
  const told = kept.events.filter(({ type }) => type !== 'certificate-expiring')
  assert.deepEqual(told, [
    { type: 'certificates-changed', listener: 'l', hosts: ['a.test'] },
    { type: 'client-authorities-changed', listener: 'l', closed: 7 }
  ])
})

test('while the authorities cannot be read, the last ones stay, and at the first reading nobody is served', t => {
  const auth = { clientAuth: { ca: 'ca.pem', mode: 'required' } } as const
  const kept = keep(t, auth)
  const modes = (): string[] => kept.rules.at(-1)!.book.all.map(({ clientAuth }) => clientAuth)
  kept.write('ca.pem', 'junk')
  kept.apply(auth)
  assert.deepEqual(modes(), ['required'])
  assert.match(JSON.stringify(kept.events), /ca\.pem has no certificate in PEM form/)
  const issued = issueCertificate({ subject: 'b.test', san: ['dns:b.test'] })
  const source = { certificates: () => [issued], onChange: () => () => {} }
  for (let times = 0; times < 2; times++) {
    kept.apply({ clientAuth: { ca: 'ca.pem', mode: 'optional' } }, [source])
    assert.deepEqual(modes(), [])
  }
  kept.write('ca.pem', ca.cert)
  kept.apply(auth, [source])
  assert.deepEqual(modes(), ['required', 'required'])
})

test('a certificate that is about to expire is told of once a day', t => {
  const kept = keep(t, {}, new Date(Date.now() + 30 * day))
  const told = (): number => kept.events.filter(({ type }) => type === 'certificate-expiring').length
  assert.equal(told(), 0)
  for (const [days, times] of [[22, 0], [24, 1], [24.5, 1], [25, 2], [31, 3]] as const) {
    kept.at.now = Date.now() + days * day
    kept.tls.look()
    assert.equal(told(), times, String(days))
  }
})

test('certificates of a source come and go without a reload', t => {
  const kept = keep(t)
  const issued = issueCertificate({ subject: 'b.test', san: ['dns:b.test'] })
  const listeners = new Set<() => void>()
  let has = false
  kept.apply({}, [{
    certificates: () => has ? [issued] : [],
    onChange: listener => {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    }
  }])
  const hosts = (): (readonly string[])[] => kept.rules.at(-1)!.book.all.map(certificate => certificate.hosts)
  assert.deepEqual(hosts(), [['a.test']])
  has = true
  for (const listener of listeners) listener()
  assert.deepEqual(hosts(), [['a.test'], ['b.test']])
  kept.tls.close()
  assert.equal(listeners.size, 0)
})

test('the last quarter of a life, and three weeks at most, is the end', () => {
  for (const [days, left, expiring] of [
    [90, 21.1, false], [90, 20.9, true], [47, 12, false], [47, 11.7, true], [6, 1.6, false], [6, 1.4, true],
    [365, 30, false], [90, -1, true]
  ] as const) {
    assert.equal(isExpiring({ from: 0, to: days * day }, (days - left) * day), expiring, `${days} ${left}`)
  }
  const life = { from: 10 * day, to: 100 * day }
  assert.equal(lifeProblem(life, 5 * day), 'is not valid before 1970-01-11 00:00 UTC')
  assert.equal(lifeProblem(life, 20 * day), undefined)
  assert.equal(lifeProblem(life, 90 * day), 'expires on 1970-04-11 00:00 UTC')
  assert.equal(lifeProblem(life, 100 * day), 'has expired on 1970-04-11 00:00 UTC')
})

test('errors of handshakes have a reason', () => {
  for (const [code, reason] of [
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'timeout'], ['ECONNRESET', 'closed'], ['ERR_SSL_HTTP_REQUEST', 'plain-http'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'protocol-version'], ['ERR_SSL_NO_SHARED_CIPHER', 'no-common-cipher'],
    ['ERR_SSL_NO_APPLICATION_PROTOCOL', 'no-common-protocol'], ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'refused-by-client'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'refused-by-client'], ['ERR_SSL_WRONG_VERSION_NUMBER', 'malformed'],
    ['ERR_SSL_DIGEST_CHECK_FAILED', 'other'], [undefined, 'other']
  ] as const) assert.equal(handshakeFailure({ code }), reason, code)
})
