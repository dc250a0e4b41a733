/** All protocols on one listener at once, while its certificate, its authority of clients and its configuration change. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { issueCertificate, revocationList } from '../helpers/certificates.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from '../helpers/target.ts'
import { grpc } from './grpc.ts'
import { pathOf, type Door } from './protocol.ts'

const { WebSocket, WebSocketServer } = createRequire(import.meta.url)('ws')

const counts = { kept: 200, sockets: 50, calls: 20, sessions: 2, streams: 8, certified: 10 }
const reloads = 20

const authority = issueCertificate({ subject: 'Server CA', ca: true })
const clients = issueCertificate({ subject: 'Client CA', ca: true })
const [good, revoked] = ['good', 'revoked'].map(subject => issueCertificate({ subject, issuer: clients }))
const serverCertificate = () => issueCertificate({ subject: 'gateway.test', san: ['dns:gateway.test'], issuer: authority })

/** A connection on which a client has shown its certificate, and the status of its response. */
type Certified = Awaited<ReturnType<typeof certified>>

/** Something that works on and notes each time that it was served, and each time that it was not. */
class Work {
  served = 0
  readonly failures: string[] = []
  stopped = false

  /** Calls `step` again and again. */
  async run (step: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      try {
        await step()
        this.served++
        // All clients share this process with the gateway, which needs time for its reloads.
        await sleep(100)
      } catch (error) {
        if (!this.stopped) this.failures.push(String(error))
        return
      }
    }
  }
}

/** A request over a kept connection. */
async function ask (agent: Agent, port: number): Promise<void> {
  const asked = request({ agent, host: '127.0.0.1', port, path: '/plain', servername: 'gateway.test', ca: authority.cert }).end()
  const [response] = await once(asked, 'response') as [IncomingMessage]
  const text = (await response.setEncoding('utf8').toArray()).join('')
  if (response.statusCode !== 200 || text !== 'served') throw new Error(`${response.statusCode} ${text}`)
}

async function askHttp2 (session: ClientHttp2Session): Promise<void> {
  const stream = session.request({ ':path': '/plain', ':authority': 'gateway.test' })
  const [fields] = await once(stream, 'response') as [Record<string, unknown>]
  const text = (await stream.setEncoding('utf8').toArray()).join('')
  if (fields[':status'] !== 200 || text !== 'served') throw new Error(`${String(fields[':status'])} ${text}`)
}

/** Keep-alive sockets that show a certificate and ask nothing after their first request. */
async function certified (t: TestContext, port: number, { cert, key }: typeof clients): Promise<{ socket: TLSSocket, status: string }> {
  const socket = connectTls({ host: '127.0.0.1', port, ca: authority.cert, servername: 'gateway.test', cert, key })
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'secureConnect')
  socket.write('GET /certified HTTP/1.1\r\nHost: gateway.test\r\n\r\n')
  const [data] = await once(socket, 'data') as [Buffer]
  return { socket, status: data.toString().slice(0, 12) }
}

test('nothing is dropped by certificates and configurations that change, except those whose certificate is revoked', async t => {
  // The server waits for them when it is closed.
  const upgraded = new Set<Duplex>()
  t.after(() => { for (const socket of upgraded) socket.destroy() })
  const plain = await startService(t, (_request: IncomingMessage, response: ServerResponse) => { response.end('served') })
  const talking = new WebSocketServer({ noServer: true })
  plain.server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket)
    talking.handleUpgrade(asked, socket, head, (talker: {
      on: (event: string, heard: (data: Buffer) => void) => void,
      send: (data: string) => void
    }) => {
      talker.on('error', () => {})
      talker.on('message', data => talker.send(data.toString()))
    })
  })
  const calls = await Promise.all(Array.from({ length: counts.calls }, async () => await grpc.serve(t)))
  const yaml = (generation: number): string => `
listeners:
  - host: 127.0.0.1
    port: 0
    tls: { certificates: [{ cert: server.pem, key: server.key }], clientAuth: { ca: clients.pem, crl: clients.crl, mode: optional } }
accessLog: { enabled: false }
upstreams:
  plain: { targets: ["${plain.url}"] }
${calls.map(({ url }, index) => `  call${index}: { targets: ["${url}"], protocol: h2c }`).join('\n')}
policies: { certificates: { plugin: client-certificate } }
routes:
  - { path: /plain, upstream: plain }
  - { path: /talk, upstream: plain }
  - { path: /certified, upstream: plain, policies: [certificates] }
  - { path: /generation, respond: { text: "${generation}" } }
${calls.map((_, index) => `  - { path: ${pathOf('Hold')}, headers: { x-call: "${index}" }, upstream: call${index} }`).join('\n')}`
  const first = serverCertificate()
  const { gateway, url, folder, write, logged } = await startGateway(t, yaml(0), { files: {
    'server.pem': first.cert, 'server.key': first.key, 'clients.pem': clients.cert, 'clients.crl': revocationList(clients, [])
  } })
  const port = Number(new URL(url).port)
  const door: Door = { url, ca: authority.cert }
  const replace = (name: string, text: string): void => {
    writeFileSync(join(folder, `${name}.new`), text, { mode: 0o600 })
    renameSync(join(folder, `${name}.new`), join(folder, name))
  }

  const agent = new Agent({ keepAlive: true, maxSockets: counts.kept })
  let opened = 0
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (...args: Parameters<typeof create>) => { opened++; return create(...args) }
  t.after(() => agent.destroy())
  const kept = Array.from({ length: counts.kept }, () => new Work())
  const running = kept.map(async work => await work.run(async () => await ask(agent, port)))

  const sessions = Array.from({ length: counts.sessions }, () => {
    const session = connectHttp2(url, { ca: authority.cert, servername: 'gateway.test' })
    t.after(() => session.destroy())
    return session
  })
  const streams = sessions.flatMap(session => Array.from({ length: counts.streams }, () => ({ session, work: new Work() })))
  running.push(...streams.map(async ({ session, work }) => await work.run(async () => await askHttp2(session))))

  const talkers = await Promise.all(Array.from({ length: counts.sockets }, async () => {
    const talker = new WebSocket(`${url.replace('https', 'wss')}/talk`, { ca: authority.cert, servername: 'gateway.test' })
    t.after(() => talker.terminate())
    await once(talker, 'open')
    const work = new Work()
    const closed = once(talker, 'close').then(() => 'closed')
    running.push(work.run(async () => {
      const echo = new Promise<string>(resolve => { talker.once('message', (data: Buffer) => resolve(data.toString())) })
      talker.send(String(work.served))
      const text = await Promise.race([echo, closed])
      if (text !== String(work.served)) throw new Error(`${text} for ${work.served}`)
    }))
    return work
  }))
  const held = await Promise.all(calls.map(async (_, index) => await grpc.hold(t, door, { 'x-call': String(index) })))

  const [admitted, excluded] = await Promise.all([good, revoked].map(async by => {
    return await Promise.all(Array.from({ length: counts.certified }, async () => await certified(t, port, by!)))
  })) as [Certified[], Certified[]]
  for (const { status } of [...admitted, ...excluded]) assert.equal(status, 'HTTP/1.1 200')

  for (let generation = 1; generation <= reloads; generation++) {
    if (generation % 5 === 0) {
      const next = serverCertificate()
      replace('server.key', next.key)
      replace('server.pem', next.cert)
    }
    if (generation === 12) replace('clients.crl', revocationList(clients, [revoked!]))
    write(yaml(generation))
    assert.deepEqual(await gateway.reload('test'), { ok: true, problems: [] })
    for (const [index, call] of calls.entries()) {
      call.push(`piece ${generation}`)
      assert.equal(await held[index]!.next(), `piece ${generation}`)
    }
  }
  await logged(line => line['msg'] === 'other client certificates are trusted')
  await Promise.all([...admitted, ...excluded].map(async ({ socket }) => { if (!socket.closed) await once(socket, 'close') }))
  assert.deepEqual(
    [(await certified(t, port, good!)).status, (await certified(t, port, revoked!)).status],
    ['HTTP/1.1 200', 'HTTP/1.1 403']
  )
  const works = [...kept, ...streams.map(({ work }) => work), ...talkers]
  const before = works.map(({ served }) => served)
  while (!works.every(({ served, failures }, index) => served > before[index]! || failures.length > 0)) await sleep(5)
  for (const work of works) work.stopped = true
  await Promise.all(running)
  for (const [index, call] of calls.entries()) {
    call.finish()
    assert.equal(await held[index]!.ended, 'complete')
  }
  assert.deepEqual(works.flatMap(({ failures }) => failures), [])
  t.diagnostic(
    `${works.reduce((sum, { served }) => sum + served, 0)} requests and messages, ${opened} connections for ${counts.kept} clients`
  )
  assert.equal(opened, counts.kept)
})
