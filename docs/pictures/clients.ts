/** The clients of the shop: a steady mix of requests, most of them good. */

import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { oneOf, seeded } from './random.ts'

/** A kind of request. */
interface Kind {
  /** Of all kinds together. */
  readonly weight: number
  readonly method?: 'GET' | 'POST' | 'PATCH'
  readonly path: (random: () => number) => string
  /** What the client shows; a token that is valid unless given. */
  readonly token?: 'none' | 'expired'
  /** Where it comes from; anywhere unless given. */
  readonly from?: string
}

const id = (random: () => number): number => 1000 + Math.floor(random() * 9000)
const words = ['lamp', 'desk', 'chair', 'shelf', 'sofa', 'oak+table', 'rug', 'mirror', 'linen', 'kettle']
const word = (random: () => number): string => words[Math.floor(random() * words.length)]!

const kinds: readonly Kind[] = [
  { weight: 200, path: random => `/catalog/chairs/${id(random)}` },
  { weight: 60, path: random => `/catalog/SKU-${id(random)}/stock` },
  { weight: 110, path: random => `/suggest?q=${word(random).slice(0, 3)}` },
  { weight: 90, path: random => `/search?q=${word(random)}&page=${1 + Math.floor(random() * 3)}` },
  { weight: 80, path: () => '/users/me' },
  { weight: 30, path: random => `/users/${id(random)}` },
  { weight: 3, method: 'POST', path: () => '/users' },
  { weight: 5, method: 'PATCH', path: () => '/users/me' },
  { weight: 50, path: () => '/orders' },
  { weight: 70, path: random => `/orders/${id(random)}` },
  { weight: 16, method: 'POST', path: () => '/orders' },
  { weight: 14, method: 'POST', path: () => '/payments' },
  { weight: 20, path: random => `/payments/${id(random)}` },
  { weight: 1, method: 'POST', path: random => `/payments/${id(random)}/refund` },
  { weight: 3, path: random => `/old-shop/${id(random)}` },
  { weight: 12, path: () => '/status' },
  { weight: 3, path: () => '/orders', token: 'expired' },
  { weight: 4, path: () => '/users/me', token: 'none' },
  { weight: 2, path: () => '/wp-login.php' },
  { weight: 1, path: () => '/office/reports/sales' },
  { weight: 2, path: () => '/office/reports/sales', from: '192.0.2.14' }
]

/** A client that asks for more than it may, however busy the others are: so many requests a second. */
const greedy: Kind & { readonly rate: number } = { weight: 0, rate: 9, path: random => `/search?q=${word(random)}`, from: '198.51.100.23' }

/** All others share these. */
const addresses = Array.from({ length: 60 }, (_, place) => `203.0.113.${place + 10}`)

/** Sends so many requests a second, up and down a little, until it is stopped. */
export function startClients (port: number, secret: string, rate: number): { readonly stop: () => void } {
  const random = seeded(4)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const tokens = addresses.map((_, place) => tokenOf(secret, place, 3600))
  const expired = tokenOf(secret, 999, -60)
  const send = ({ method = 'GET', path, token, from }: Kind): void => {
    const place = Math.floor(random() * addresses.length)
    const authorization = token === 'none' ? undefined : `Bearer ${token === 'expired' ? expired : tokens[place]!}`
    const headers = { 'x-forwarded-for': from ?? addresses[place]!, ...authorization === undefined ? {} : { authorization } }
    const sent = request({ port, host: '127.0.0.1', method, path: path(random), headers, agent }, response => response.resume())
    // A request that the end of the run has cut off is no news.
    sent.on('error', () => {})
    sent.end(method === 'GET' ? undefined : '{"sku":"SKU-1830","quantity":1}')
  }
  let [due, greedyDue] = [0, 0]
  const began = performance.now()
  let before = began
  const timer = setInterval(() => {
    const now = performance.now()
    const tide = 1 + 0.18 * Math.sin((now - began) / 24_000) + 0.07 * Math.sin((now - began) / 5300)
    due += rate * tide * (now - before) / 1000
    greedyDue += greedy.rate * (now - before) / 1000
    before = now
    for (; due >= 1; due--) send(oneOf(kinds, random))
    for (; greedyDue >= 1; greedyDue--) send(greedy)
  }, 20)
  return {
    stop: () => {
      clearInterval(timer)
      agent.destroy()
    }
  }
}

/** A token of the login of the shop (HS256). @param lasts seconds from now */
function tokenOf (secret: string, user: number, lasts: number): string {
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now, exp: now + lasts }
  const claims = { sub: `user-${1000 + user}`, iss: 'https://login.shop.example', aud: 'shop', scope: 'orders payments:read', ...times }
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
