/** The admin listener, as a page in a browser of its machine would attack it. */

import type { Attack, Theme } from '../case.ts'

function ask (method: string, path: string, host: string, ...fields: string[]): string {
  return `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields.map(field => `${field}\r\n`).join('')}\r\n`
}

const paths: readonly (readonly [string, string])[] = [
  ['GET', '/upstreams'], ['POST', '/reload'], ['GET', '/metrics'], ['GET', '/routes'], ['GET', '/config']
]

/** No page can make a browser say less. */
const origins = [
  'http://evil.example', 'null', 'https://127.0.0.1.evil.example', 'http://localhost.evil.example',
  'http://evil.example:80', 'http://127.0.0.1@evil.example', 'file://', 'chrome-extension://x', '', 'http://2130706434',
  'http://[::2]'
]
const hosts = [
  'evil.example', 'evil.example:80', '127.0.0.1.nip.io', 'localhost.evil.example', 'a@localhost',
  'localhost, evil.example', '', '0.0.0.0', '[::2]', '127.0.0.2.example', 'localhost/x', '169.254.169.254'
]

const forged: Attack[] = origins.flatMap(origin => paths.slice(0, 2).map(([method, path]): Attack => ({
  name: `${method} ${path} of a page of ${origin || 'nowhere'}`, source: 'OWASP CSRF', send: ask(
    method,
    path,
    '127.0.0.1',
    `Origin: ${origin}`
  ), client: [[403]], reaches: 'nothing', hidden: /targets|access-control-allow-origin/i
})))

const rebound: Attack[] = hosts.flatMap(host => paths.map(([method, path]): Attack => ({
  name: `${method} ${path} under the name ${host || '(none)'}`, source: 'DNS rebinding', send: ask(
    method,
    path,
    host
  ), client: [[403, 400]], reaches: 'nothing', hidden: /targets|onedoor_|gateway_/i
})))

const preflights: Attack[] = ['PUT', 'POST', 'DELETE'].map(method => ({
  name: `a preflight for ${method}`, source: 'Fetch standard §3.2', send: ask(
    'OPTIONS',
    '/log-level',
    '127.0.0.1',
    'Origin: http://evil.example',
    `Access-Control-Request-Method: ${method}`
  ), client: [[403]], reaches: 'nothing', hidden: /access-control-allow/i
}))

const smuggled: Attack[] = [
  {
    name: 'two framings',
    send: 'POST /reload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
  },
  { name: 'a path with dot segments', send: ask('GET', '/livez/../upstreams', 'evil.example') },
  { name: 'two Hosts', send: ask('GET', '/upstreams', 'evil.example', 'Host: 127.0.0.1') },
  {
    name: 'a request that looks like a form',
    send: ask('POST', '/reload', 'evil.example', 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 0')
  }
].map(attack => ({ ...attack, source: 'RFC 9112', client: [[400, 403, 404, 405]], reaches: 'nothing' }))

const tunnel: Attack = {
  name: 'CONNECT',
  source: 'RFC 9110 §9.3.6',
  send: 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n',
  client: [[405]],
  reaches: 'nothing'
}

export const admin: Theme = {
  name: 'the admin listener from a browser',
  attacks: [...forged, ...rebound, ...preflights, ...smuggled, tunnel]
}
