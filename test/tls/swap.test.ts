/** Many connections under load while certificates and revocation lists change: nobody is dropped who may stay. */

import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { issueCertificate, revocationList } from '../helpers/certificates.ts'
import { startGateway } from '../helpers/gateway.ts'
import { openTls } from '../helpers/tls.ts'

/** Makes one request after another over a connection. */
class Client {
  readonly socket: TLSSocket
  served = 0
  #left = 0
  stopped = false

  constructor (socket: TLSSocket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      // One response is one small packet.
      this.#left -= chunk.toString().split('HTTP/1.1 200 ').length - 1
      if (this.#left > 0) return
      this.served++
      if (!this.stopped) this.ask()
    })
    this.ask()
  }

  ask (): void {
    this.#left++
    this.socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
  }

  get open (): boolean {
    return !this.socket.destroyed && this.socket.readable
  }
}

test('200 connections outlive certificates and configurations, and end where their own certificate may be revoked', async t => {
  const certificate = (): ReturnType<typeof issueCertificate> => issueCertificate({ subject: 'a.test', san: ['dns:a.test'] })
  const ca = issueCertificate({ subject: 'clients', ca: true })
  const { cert, key } = issueCertificate({ subject: 'client', issuer: ca })
  const first = certificate()
  const yaml = (text: string): string => `
listeners:
  - host: 127.0.0.1
    port: 0
    tls: { certificates: [{ cert: a.pem, key: a.key }], clientAuth: { ca: ca.pem, crl: crl.pem, mode: optional } }
server: {}
accessLog: { enabled: false }
routes: [{ path: /*, respond: { text: ${text} } }]`
  const { url, folder, gateway, logs, write } = await startGateway(t, yaml('first'), { files: {
    'a.pem': first.cert, 'a.key': first.key, 'ca.pem': ca.cert, 'crl.pem': revocationList(ca, [])
  } })
  const replace = (name: string, text: string): void => {
    writeFileSync(join(folder, `${name}.new`), text)
    renameSync(join(folder, `${name}.new`), join(folder, name))
  }
  const times = (message: string): number => logs.filter(({ msg }) => msg === message).length
  const until = async (condition: () => boolean): Promise<void> => { while (!condition()) await sleep(5) }
  const plain = await Promise.all(Array.from({ length: 150 }, async () => new Client(await openTls(t, url))))
  const certified = await Promise.all(Array.from({ length: 50 }, async () => new Client(await openTls(t, url, { cert, key }))))
  for (let swap = 1; swap <= 3; swap++) {
    const next = certificate()
    replace('a.pem', next.cert)
    replace('a.key', next.key)
    await until(() => times('certificates have changed and are in use') === swap)
    write(yaml(`text${swap}`))
    assert.equal((await gateway.reload('test')).ok, true)
  }
  const before = [...plain, ...certified].map(({ served }) => served)
  await until(() => [...plain, ...certified].every(({ served }, index) => served > before[index]!))
  assert.deepEqual([plain.filter(({ open }) => open).length, certified.filter(({ open }) => open).length], [150, 50])
  replace('crl.pem', revocationList(ca, [{ serial: 'aa' } as ReturnType<typeof issueCertificate>]))
  await until(() => times('other client certificates are trusted') === 1)
  await until(() => certified.every(({ open }) => !open))
  const after = plain.map(({ served }) => served)
  await until(() => plain.every(({ served }, index) => served > after[index]!))
  assert.equal(plain.filter(({ open }) => open).length, 150)
  for (const client of plain) client.stopped = true
})
