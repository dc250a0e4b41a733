/** Orders at a directory that is difficult. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { openAccount } from '../../src/acme/account.ts'
import type { AcmeError } from '../../src/acme/acme-error.ts'
import type { AcmeSession } from '../../src/acme/acme-session.ts'
import { certificatesIn } from '../../src/acme/chain.ts'
import { orderCertificate, type OrderOptions } from '../../src/acme/order.ts'
import { certificateId, renewalInfo } from '../../src/acme/renewal-info.ts'
import { MemoryResponder, newKey, sessionWith } from './session.ts'
import { problem, startDirectory, type Behaviour, type StubDirectory } from './stub-directory.ts'
import { StubAuthority } from './stub-authority.ts'

const hosts = ['shop.example', 'www.shop.example']

interface Opened {
  readonly directory: StubDirectory
  readonly session: AcmeSession
  readonly order: (options?: Partial<OrderOptions>) => Promise<string>
  readonly pauses: readonly number[]
  readonly responder: MemoryResponder
}

async function open (t: TestContext, behaviour: Behaviour = {}, signal = new AbortController().signal): Promise<Opened> {
  const directory = await startDirectory(t, behaviour)
  const pauses: number[] = []
  const sleep = async (ms: number): Promise<void> => { pauses.push(ms) }
  const session = sessionWith(t, `${directory.url}/directory`, { sleep, signal })
  const responder = new MemoryResponder()
  const order = async (options: Partial<OrderOptions> = {}): Promise<string> => {
    await openAccount(session, { email: undefined, externalAccount: undefined })
    return await orderCertificate(
      session,
      { hosts, key: newKey(), type: 'http-01', responder, replaces: undefined, profile: undefined, ...options }
    )
  }
  return { directory, session, order, pauses, responder }
}

test('an order gives the certificate and its issuer, and leaves no challenge behind', async t => {
  const { order, responder, directory } = await open(t)
  const [leaf, root] = certificatesIn(await order())
  assert.deepEqual(hosts.map(host => leaf!.checkHost(host)), hosts)
  assert.equal(root!.toString(), directory.authority.root)
  assert.deepEqual([responder.presented, responder.open.size], [2, 0])
})

test('rejected nonces are replaced, and a directory that rejects all of them is given up', async t => {
  let rejected = 0
  const { order, directory } = await open(t, {
    intercept: ({ path }) => path === '/new-order' && rejected++ < 5 ? problem('badNonce', 400) : undefined
  })
  await order()
  assert.equal(rejected, 6)
  directory.behaviour = { intercept: () => { rejected++; return problem('badNonce', 400) } }
  rejected = 0
  await assert.rejects(order(), /badNonce/)
  assert.equal(rejected, 10)
})

test('a slow order is asked for again after the time that the directory says', async t => {
  const { order, pauses } = await open(t, { processing: 3, retryAfter: '7' })
  await order()
  assert.deepEqual(pauses, [7000, 7000, 7000])
})

test('a directory cannot make the client wait an hour for one order, nor ask for ever', async t => {
  const { order, pauses, directory, session } = await open(t, { processing: 1, retryAfter: '3600' })
  await order()
  assert.deepEqual(pauses, [60_000])
  let now = 0
  Object.assign(session.options, { now: () => now, sleep: async (ms: number) => { now += ms } })
  directory.behaviour = { processing: Infinity }
  await assert.rejects(order(), /the order for shop\.example, www\.shop\.example is still processing after 5 minutes/)
})

test('a limit of the directory is an error with its problem and its time', async t => {
  const limited = problem('rateLimited', 429, 'too many\ncertificates', { 'retry-after': '90' })
  const { order } = await open(t, { intercept: ({ path }) => path === '/new-order' ? limited : undefined })
  await assert.rejects(order(), (error: AcmeError) => {
    assert.deepEqual(error.problem, { type: 'rateLimited', detail: 'too many certificates' })
    assert.deepEqual([error.retryAfter, error.unreachable], [90_000, false])
    assert.match(error.message, /responds with 429: too many certificates \(rateLimited\)$/)
    return true
  })
})

test('hosts that are not authorized are named with the reason, each of them', async t => {
  const { order, responder, directory } = await open(t, { passes: host => host === 'shop.example' })
  await assert.rejects(order(), /^AcmeError: www\.shop\.example is not authorized: www\.shop\.example has no address \(dns\)$/)
  directory.behaviour = { passes: () => false }
  await assert.rejects(order(), /^AcmeError: shop\.example is not .*; www\.shop\.example is not /)
  assert.equal(responder.open.size, 0)
})

test('a directory that is away, or that answers like a proxy, counts as unreachable', async t => {
  const { order, session, directory } = await open(t, { intercept: () => ({ status: 503, text: '<html>' }) })
  await assert.rejects(order(), (error: AcmeError) => error.unreachable && error.message.endsWith('responds with 503'))
  const away = sessionWith(t, 'http://127.0.0.1:1/directory')
  await assert.rejects(openAccount(away, { email: undefined, externalAccount: undefined }), (error: AcmeError) => {
    assert.match(error.message, /127\.0\.0\.1:1 does not respond: .*ECONNREFUSED/)
    return error.unreachable
  })
  const elsewhere = sessionWith(t, `${directory.url}/new-nonce`)
  await assert.rejects(openAccount(elsewhere, { email: undefined, externalAccount: undefined }), /is no ACME directory/)
  assert.equal(session.kid, undefined)
})

test('a directory cannot ask for an authorization of anything else than what was ordered', async t => {
  for (const identifier of ['other.example', '../../etc/passwd']) {
    const { order, responder } = await open(t, { identifier })
    await assert.rejects(order(), /, which was not ordered/)
    assert.equal(responder.presented, 0)
  }
})

const other = new StubAuthority('other')
const wrong: readonly (readonly [string, Behaviour, RegExp])[] = [
  ['without certificates', { chain: () => 'nothing' }, /gives 0 certificates/],
  ['that is not readable', { chain: () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /is not readable/],
  ['of another key', { chain: (_leaf, root) => root }, /has another key/],
  ['for other hosts', { certificateHosts: ['shop.example'] }, /is not for www\.shop\.example$/],
  ['that has expired', { life: -500 }, /is not valid now/],
  ['with a wrong issuer', { chain: leaf => leaf + other.root }, /certificate 2 has not issued certificate 1/],
  ['in the wrong order', { chain: (leaf, root) => leaf + other.root + root }, /the chain is broken/]
]
for (const [what, behaviour, expected] of wrong) {
  test(`a chain ${what} is not used`, async t => {
    const { order } = await open(t, behaviour)
    await assert.rejects(order(), expected)
  })
}

test('what surrounds the certificates of a chain is left out', async t => {
  const { order, directory } = await open(t, { chain: (leaf, root) => `Bag Attributes\n${leaf}\nsubject=x\n${root}` })
  const chain = await order()
  assert.ok(chain.startsWith('-----BEGIN CERTIFICATE-----') && chain.endsWith(directory.authority.root))
  assert.ok(!chain.includes('subject'))
})

test('a directory tells when a certificate should be renewed, and hears which one is replaced', async t => {
  const { order, session, directory } = await open(t)
  const certificate = new X509Certificate(await order())
  const id = certificateId(certificate)!
  // The serial number begins with a bit that is set, so its encoding has a leading zero.
  assert.match(id, /^[\w-]{27}\.AP[\w-]+$/)
  const window = { start: Date.parse('2026-01-02T03:04:05Z'), end: Date.parse('2026-01-03T03:04:05Z') }
  directory.behaviour = { window: () => window }
  assert.deepEqual(await renewalInfo(session, certificate), { ...window, retryAfter: 21_600_000, explanation: undefined })
  assert.deepEqual(directory.lookups, [id])
  directory.behaviour = { window: () => ({ start: window.end, end: window.start }) }
  assert.equal(await renewalInfo(session, certificate), undefined)

  const replaced = problem('alreadyReplaced', 409)
  directory.behaviour = { intercept: ({ payload }) => payload['replaces'] === undefined ? undefined : replaced }
  await order({ replaces: id })
  assert.deepEqual(directory.orders.map(({ replaces }) => replaces), [undefined, id, undefined])
})

test('no request is sent after the signal', async t => {
  const controller = new AbortController()
  const { order, directory } = await open(t, {}, controller.signal)
  directory.behaviour = { intercept: ({ path }) => { if (path === '/new-order') controller.abort(); return undefined } }
  await assert.rejects(order(), { name: 'AbortError' })
  assert.equal(directory.requests.at(-1)!.path, '/new-order')
})
