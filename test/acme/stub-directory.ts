/** An ACME directory in memory, for what Pebble does not do: renewal information, limits, slow orders, wrong certificates. */

import { createPublicKey, randomBytes, verify, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { startService } from '../helpers/target.ts'
import { requestedHosts, StubAuthority } from './stub-authority.ts'

interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A signed request. */
export interface Signed {
  readonly path: string
  readonly kid: string | undefined
  readonly payload: Record<string, unknown>
}

interface Order {
  readonly hosts: readonly string[]
  status: string
  polls: number
  chain: string
}

export function problem (type: string, status: number, detail = 'no', headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, json: { type: `urn:ietf:params:acme:error:${type}`, detail, status }, headers }
}

/** What a test may change. */
export interface Behaviour {
  /** Replies instead of the directory. */
  intercept?: (request: Signed) => Reply | undefined
  /** How many times an order says that it is processing. */
  processing?: number
  retryAfter?: string
  /** Whether a challenge is passed. */
  passes?: (host: string, token: string) => boolean | Promise<boolean>
  /** The life of certificates, in milliseconds. */
  life?: number
  chain?: (leaf: string, root: string) => string
  certificateHosts?: readonly string[]
  /** What authorizations say that they are for. */
  identifier?: string
  /** The suggested window for a certificate by its identifier. */
  window?: (id: string) => { readonly start: number, readonly end: number } | undefined
}

export class StubDirectory {
  readonly authority = new StubAuthority('stub')
  readonly requests: Signed[] = []
  readonly lookups: string[] = []
  behaviour: Behaviour = {}
  url = ''
  now = Date.now
  readonly #nonces = new Set<string>()
  readonly #keys = new Map<string, KeyObject>()
  readonly #orders: Order[] = []
  readonly #proved = new Map<string, string>()

  /** The payloads of new orders so far. */
  get orders (): readonly Record<string, unknown>[] {
    return this.requests.filter(({ path }) => path === '/new-order').map(({ payload }) => payload)
  }

  async respond (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status = 200, json, text, headers } = await this.#reply(request)
    const nonce = randomBytes(9).toString('base64url')
    this.#nonces.add(nonce)
    const type = json === undefined ? 'application/pem-certificate-chain' : status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, 'replay-nonce': nonce, ...headers })
    response.end(request.method === 'HEAD' ? undefined : text ?? JSON.stringify(json))
  }

  async #reply (request: IncomingMessage): Promise<Reply> {
    const path = request.url!
    if (path === '/directory') {
      const names = { newNonce: 'new-nonce', newAccount: 'new-account', newOrder: 'new-order', renewalInfo: 'renewal-info' }
      return { json: Object.fromEntries(Object.entries(names).map(([name, at]) => [name, `${this.url}/${at}`])) }
    }
    if (path === '/new-nonce') return {}
    if (path.startsWith('/renewal-info/')) return this.#renewalInfo(path.slice('/renewal-info/'.length))
    const signed = this.#verified(JSON.parse((await buffer(request)).toString()) as Record<string, string>, path)
    if ('status' in signed) return signed
    this.requests.push(signed as Signed)
    return this.behaviour.intercept?.(signed as Signed) ?? await this.#handle(signed as Signed)
  }

  #verified (jws: Record<string, string>, path: string): Signed | Reply {
    const header = JSON.parse(Buffer.from(jws['protected']!, 'base64url').toString()) as Record<string, string>
    if (!this.#nonces.delete(header['nonce']!)) return problem('badNonce', 400)
    if (header['url'] !== this.url + path) return problem('unauthorized', 401, 'the URL is another one')
    const { kid, jwk } = header
    const key = kid === undefined ? createPublicKey({ key: jwk as never, format: 'jwk' }) : this.#keys.get(kid)
    if (key === undefined) return problem('accountDoesNotExist', 400)
    const text = Buffer.from(`${jws['protected']!}.${jws['payload']!}`)
    const right = verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(jws['signature']!, 'base64url'))
    if (!right) return problem('malformed', 400, 'the signature does not fit')
    if (path === '/new-account') this.#keys.set(`${this.url}/account/${JSON.stringify(jwk)}`, key)
    const payload = jws['payload'] === '' ? {} : JSON.parse(Buffer.from(jws['payload']!, 'base64url').toString()) as Record<string, unknown>
    return { path, kid: kid ?? `${this.url}/account/${JSON.stringify(jwk)}`, payload }
  }

  async #handle ({ path, kid, payload }: Signed): Promise<Reply> {
    const [kind = '', id, host] = path.slice(1).split('/')
    const order = this.#orders[Number(id)]!
    const { behaviour } = this
    switch (kind) {
      case 'new-account':
        return { status: 201, json: { status: 'valid' }, headers: { location: kid! } }
      case 'new-order': {
        const hosts = (payload['identifiers'] as { value: string }[]).map(({ value }) => value)
        this.#orders.push({ hosts, status: 'pending', polls: 0, chain: '' })
        return { status: 201, ...this.#order(this.#orders.length - 1) }
      }
      case 'authorization': return { json: this.#authorization(id!, host!) }
      case 'challenge':
        this.#proved.set(`${id}/${host}`, await behaviour.passes?.(host!, tokenOf(id!, host!)) === false ? 'invalid' : 'valid')
        if (order.hosts.every(one => this.#proved.get(`${id}/${one}`) === 'valid')) order.status = 'ready'
        return { json: {} }
      case 'order':
        if (order.status === 'processing' && order.polls++ >= (behaviour.processing ?? 0)) order.status = 'valid'
        return this.#order(Number(id))
      case 'finalize':
        order.chain = this.#issue(Buffer.from(payload['csr'] as string, 'base64url'))
        order.status = 'processing'
        return this.#order(Number(id))
      case 'certificate': return { text: order.chain }
      default: return problem('malformed', 404)
    }
  }

  #order (id: number): Reply {
    const { hosts, status } = this.#orders[id]!
    const { retryAfter } = this.behaviour
    return {
      json: {
        status,
        identifiers: hosts.map(value => ({ type: 'dns', value })),
        authorizations: hosts.map(host => `${this.url}/authorization/${id}/${host}`),
        finalize: `${this.url}/finalize/${id}`,
        ...status === 'valid' ? { certificate: `${this.url}/certificate/${id}` } : {}
      },
      headers: { location: `${this.url}/order/${id}`, ...retryAfter === undefined ? {} : { 'retry-after': retryAfter } }
    }
  }

  #authorization (id: string, host: string): unknown {
    const status = this.#proved.get(`${id}/${host}`) ?? 'pending'
    const error = status === 'invalid' ? { error: { type: 'urn:ietf:params:acme:error:dns', detail: `${host} has no address` } } : {}
    const challenges = ['dns-01', 'http-01', 'tls-alpn-01'].map(type => ({
      type, status, token: tokenOf(id, host), url: `${this.url}/challenge/${id}/${host}`, ...error
    }))
    return { status, identifier: { type: 'dns', value: this.behaviour.identifier ?? host }, challenges }
  }

  #issue (request: Buffer): string {
    const { life = 90 * 24 * 3_600_000, chain = (leaf, root) => leaf + root, certificateHosts = requestedHosts(request) } = this.behaviour
    const now = this.now()
    const leaf = this.authority.issue(request, { from: now - 3_600_000, to: now + life, hosts: certificateHosts })
    return chain(leaf, this.authority.root)
  }

  #renewalInfo (id: string): Reply {
    this.lookups.push(id)
    const window = this.behaviour.window?.(id)
    if (window === undefined) return problem('malformed', 404)
    const [start, end] = [window.start, window.end].map(at => new Date(at).toISOString())
    return { json: { suggestedWindow: { start, end } }, headers: { 'retry-after': '21600' } }
  }
}

function tokenOf (order: string, host: string): string {
  return `token-${order}-${host.replaceAll('.', '_')}`
}

/** Starts a directory that stops with the test. */
export async function startDirectory (t: TestContext, behaviour: Behaviour = {}): Promise<StubDirectory> {
  const directory = new StubDirectory()
  directory.behaviour = behaviour
  const { url } = await startService(t, (request, response) => { void directory.respond(request, response) })
  directory.url = url
  return directory
}
