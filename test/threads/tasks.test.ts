/** What one thread finds out and all threads use: targets, keys, files and certificates. */

import assert from 'node:assert/strict'
import { generateKeyPairSync, hash } from 'node:crypto'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSigner } from 'fast-jwt'
import { issueCertificate } from '../helpers/certificates.ts'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { openTls } from '../helpers/tls.ts'

const threads = 3

/** Says which thread has served, and ends it on demand. */
const plugin = `export default async app => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers['x-die'] !== undefined) process.exit(7)
    reply.header('x-thread', app.gateway.threads.number)
  })
}`

const yaml = (jwks: string, more = ''): string => `
server: { threads: ${threads} }
admin: { port: 0 }
accessLog: { enabled: false }
listeners:
  - { host: 127.0.0.1, port: 0 }
  - { host: 127.0.0.1, port: 0, tls: { certificates: [{ cert: a.pem, key: a.pem }] } }
policies:
  who: { plugin: ./who.mjs }
  keys: { plugin: api-key, file: ./keys.yaml }
  tokens: { plugin: jwt-auth, jwks: "${jwks}" }
upstreams: { users: { targets: [{ file: ./targets.yaml }] } }
routes:
  - { path: /users, upstream: users, policies: [who] }
  - { path: /keys, respond: { text: in }, policies: [who, keys] }
  - { path: /tokens, respond: { text: in }, policies: [who, tokens] }
${more}`

interface Answer { readonly status: number, readonly text: string, readonly thread: string }

/** Sends a request over a connection of its own. */
async function ask (url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    get(url, { agent: new Agent(), headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => { text += chunk })
      response.on('end', () => resolve({ status: response.statusCode!, text, thread: String(response.headers['x-thread']) }))
    }).on('error', reject)
  })
}

/** Sends requests until every thread has answered. Returns the different answers. */
async function askAll (url: string, headers?: Record<string, string>): Promise<string[]> {
  const heard = new Set<string>()
  const answers = new Set<string>()
  while (heard.size < threads) {
    const { status, text, thread } = await ask(url, headers)
    heard.add(thread)
    answers.add(status === 200 ? text : String(status))
  }
  return [...answers].toSorted()
}

/** Asks all threads until they answer so. */
async function until (url: string, expected: string, headers?: Record<string, string>): Promise<void> {
  while (String(await askAll(url, headers)) !== expected) continue
}

const keysOf = (key: string): string => `keys: [{ consumer: ann, hash: "sha256:${hash('sha256', key)}" }]\n`

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** An issuer of tokens, whose keys can be replaced. */
function issuer (kid: string): { readonly kid: string, readonly jwk: object, readonly token: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  return {
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid },
    token: createSigner({ key: pem, algorithm: 'ES256', kid, expiresIn: 3_600_000 })({ sub: 'ann' })
  }
}

test('several threads of one gateway', async t => {
  const [a, b] = [issuer('a'), issuer('b')]
  const published = { keys: [a.jwk], fetches: 0 }
  const jwks = await startTarget(t, (_request, response) => {
    published.fetches++
    response.end(JSON.stringify({ keys: published.keys }))
  })
  const [one, two] = [
    await startTarget(t, (_request, response) => response.end('one')),
    await startTarget(t, (_request, response) => response.end('two'))
  ]
  const pem = (): string => {
    const { cert, key } = issueCertificate({ subject: 'a.test', san: ['dns:a.test'] })
    return key + cert
  }
  const running = await startGateway(t, yaml(jwks.url), { threaded: true, files: {
    'who.mjs': plugin,
    'targets.yaml': `targets: [${one.url}]\n`,
    'keys.yaml': keysOf('first-key-0123456789'),
    'a.pem': pem()
  } })
  const { url, gateway, folder, logs, logged } = running
  const replace = (name: string, text: string): void => {
    writeFileSync(join(folder, 'new'), text)
    renameSync(join(folder, 'new'), join(folder, name))
  }
  const told = (msg: string): number => logs.filter(line => line['msg'] === msg).length

  await t.test('send requests to the targets of a file, and to others when it changes, which is told once', async () => {
    assert.deepEqual(await askAll(`${url}/users`), ['one'])
    replace('targets.yaml', `targets: [${two.url}]\n`)
    await until(`${url}/users`, 'two')
    await logged(line => line['msg'] === 'targets changed')
    assert.equal(told('targets changed'), 2)
  })

  await t.test('read the keys of a file once', async () => {
    const header = { 'x-api-key': 'second-key-0123456789' }
    assert.deepEqual(await askAll(`${url}/keys`, header), ['401'])
    replace('keys.yaml', keysOf('second-key-0123456789'))
    await until(`${url}/keys`, 'in', header)
    assert.deepEqual(await askAll(`${url}/keys`, { 'x-api-key': 'first-key-0123456789' }), ['401'])
  })

  await t.test('verify tokens with keys that were fetched once, and a token with a new key is one more fetch', async () => {
    assert.deepEqual(await askAll(`${url}/tokens`, bearer(a.token)), ['in'])
    assert.equal(published.fetches, 1)
    published.keys.push(b.jwk)
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await ask(`${url}/tokens`, bearer(b.token))))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.deepEqual(await askAll(`${url}/tokens`, bearer(b.token)), ['in'])
    assert.equal(published.fetches, 2)
  })

  await t.test('present one certificate, resume the sessions of each other, and swap both when the file changes', async t => {
    const secure = gateway.addresses!.listeners[1]!
    const open = async (session?: Buffer) => await openTls(t, secure, { servername: 'a.test', ...session === undefined ? {} : { session } })
    const first = await open()
    const ticket = once(first, 'session')
    first.write('GET /keys HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
    const [session] = await ticket as [Buffer]
    // By chance all of them may come to one thread, but hardly so.
    for (let times = 0; times < 20; times++) assert.ok((await open(session)).isSessionReused())
    replace('a.pem', pem())
    await logged(line => line['msg'] === 'certificates have changed and are in use')
    const before = first.getPeerCertificate().serialNumber
    const serials = async (): Promise<Set<string>> => {
      const sockets = await Promise.all(Array.from({ length: 20 }, async () => await open()))
      return new Set(sockets.map(socket => socket.getPeerCertificate().serialNumber))
    }
    while ((await serials()).has(before)) continue
    assert.equal((await serials()).size, 1)
    assert.equal(told('certificates have changed and are in use'), 1)
  })

  await t.test('know all of it where one has died and another has taken its place, and nothing is fetched again', async () => {
    const fetches = published.fetches
    await assert.rejects(ask(`${url}/users`, { 'x-die': 'yes' }))
    await logged(({ msg }) => msg === 'a thread was replaced')
    assert.deepEqual(await askAll(`${url}/users`), ['two'])
    assert.deepEqual(await askAll(`${url}/keys`, { 'x-api-key': 'second-key-0123456789' }), ['in'])
    assert.deepEqual(await askAll(`${url}/tokens`, bearer(b.token)), ['in'])
    assert.equal(published.fetches, fetches)
  })

  await t.test('know what a reload adds before the first request is served with it', async t => {
    const port = await freePort()
    running.write(yaml(jwks.url, `  - { path: /more, respond: { text: in }, policies: [who, more] }
`).replace('policies:\n', `policies:
  more: { plugin: jwt-auth, jwks: "${jwks.url}/more" }
`).replace('policies:\n', `  - { host: 127.0.0.1, port: ${port}, tls: { certificates: [{ cert: a.pem, key: a.pem }] } }
policies:
`))
    const fetches = published.fetches
    assert.deepEqual(await gateway.reload('test'), { ok: true, problems: [] })
    assert.deepEqual(await askAll(`${url}/more`, bearer(a.token)), ['in'])
    assert.equal(published.fetches, fetches + 1)
    for (let times = 0; times < 20; times++) await openTls(t, `https://127.0.0.1:${port}`, { servername: 'a.test' })
  })
})
