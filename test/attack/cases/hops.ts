/**
 * Fields of one connection, and fields that say where a request came from: what a client can take away, add,
 * or make the service believe.
 */

import type { Attack, Theme } from '../case.ts'
import { get, keep, post } from '../write.ts'

const nominations: Attack[] = [
  'Host', 'Via', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'Content-Length',
  'x-request-id', 'traceparent', 'HOST, VIA', 'x-forwarded-for, x-forwarded-for', ',,host', 'close, x-forwarded-for',
  '"host"', 'host;q=1'
].map(value => ({
  name: `Connection: ${value} takes nothing away that the gateway sets`,
  source: 'RFC 9110 §7.6.1; CVE-2024-45410',
  send: post('hello', `Connection: ${value}`, 'Content-Length: 5'),
  client: [[200]],
  reaches: 1,
  seen: { body: 'hello', fields: { 'x-forwarded-for': ['127.0.0.1'], 'x-forwarded-host': ['a.example'], via: ['1.1 onedoor'] } }
}))

const nominated: Attack[] = ['X-Foo', 'Authorization', 'Cookie', 'Accept', 'X-Internal-User'].map(name => ({
  name: `Connection: ${name} takes the client's own field away`,
  source: 'RFC 9110 §7.6.1',
  send: get('/', `Connection: ${name}`, `${name}: y`),
  client: [[200]],
  reaches: 1,
  seen: { without: [name.toLowerCase()] },
  open: name === 'X-Foo'
}))

const ended: Attack[] = [
  'Keep-Alive: 300',
  'Keep-Alive: timeout=5',
  'Proxy-Connection: keep-alive',
  'Proxy-Authorization: Basic x',
  'Proxy-Authenticate: Basic',
  'TE: gzip',
  'TE: chunked',
  'Trailer: Authorization',
  'Upgrade: h2c',
  'Upgrade: websocket',
  'Upgrade: TLS/1.0',
  'HTTP2-Settings: AAMAAABk',
  'Proxy: http://evil.example', 'Expect: 100-continue'
].map(field => ({
  name: `${field} ends at the gateway`,
  source: 'RFC 9110 §7.6.1; CVE-2016-5385; BishopFox, h2c smuggling',
  send: get('/', field),
  client: [[200]],
  reaches: 1,
  seen: { without: [field.split(':', 1)[0]!.toLowerCase()] },
  open: !field.startsWith('Proxy: ') && !field.startsWith('Expect')
}))

const asked: Attack[] = [
  {
    name: 'TE: trailers is said for oneself',
    source: 'RFC 9110 §10.1.4',
    send: get('/', 'Connection: TE', 'TE: trailers, gzip;q=0.5'),
    client: [[200]],
    reaches: 1,
    seen: { fields: { te: ['trailers'] } }
  },
  {
    name: 'h2c with all its fields is an ordinary request',
    source: 'RFC 7540 §3.2; BishopFox, h2c smuggling',
    send: get('/', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'),
    client: [[200]],
    reaches: 1,
    seen: { without: ['upgrade', 'http2-settings'] },
    open: true
  },
  {
    name: 'a hundred Connection options',
    source: 'RFC 9110 §7.6.1',
    send: get('/', `Connection: ${Array.from({ length: 100 }, (_, index) => `x-${index}`).join(', ')}`, 'x-50: y'),
    client: [[200]],
    reaches: 1,
    seen: { without: ['x-50'] }
  },
  {
    name: 'a Connection on five lines',
    source: 'RFC 9110 §5.3',
    send: get('/', 'Connection: a', 'connection: b', 'CONNECTION: x-foo', 'X-Foo: y', 'b: y'),
    client: [[200]],
    reaches: 1,
    seen: { without: ['x-foo', 'b'] }
  },
  {
    name: 'fields that the gateway counts on are not made from the query',
    source: 'RFC 9110 §7.6.3',
    send: get('/?x-forwarded-for=10.0.0.1'),
    client: [[200]],
    reaches: 1,
    seen: { fields: { 'x-forwarded-for': ['127.0.0.1'] } }
  },
  {
    name: 'Via keeps those before',
    source: 'RFC 9110 §7.6.3',
    send: get('/', 'Via: 1.0 fred'),
    client: [[200]],
    reaches: 1,
    seen: { fields: { via: ['1.0 fred, 1.1 onedoor'] } }
  },
  {
    name: 'a request that goes round',
    source: 'RFC 9110 §7.6.3',
    send: get('/', `Via: ${Array(5).fill('1.1 onedoor').join(', ')}`),
    client: [[508]],
    reaches: 'nothing'
  },
  {
    name: 'a loop behind a comment that stays open',
    source: 'RFC 9110 §7.6.3',
    send: get('/', `Via: 1.1 x (, ${Array(5).fill('1.1 onedoor').join(', ')}`),
    client: [[508]],
    reaches: 'nothing'
  },
  {
    name: 'Max-Forwards of nothing on OPTIONS',
    source: 'RFC 9110 §7.6.2',
    send: 'OPTIONS / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nMax-Forwards: 0\r\n\r\n',
    client: [[200, 204]],
    reaches: 'nothing'
  },
  {
    name: 'Max-Forwards goes down',
    source: 'RFC 9110 §7.6.2',
    send: 'OPTIONS / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nMax-Forwards: 5\r\n\r\n',
    client: [[200]],
    reaches: 1,
    seen: { fields: { 'max-forwards': ['4'] } }
  },
  {
    name: 'Max-Forwards beyond all numbers',
    source: 'RFC 9110 §7.6.2',
    send: `OPTIONS / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nMax-Forwards: ${'9'.repeat(400)}\r\n\r\n`,
    client: [[200]],
    reaches: 1
  }
]

const forged: Attack[] = [
  ['X-Forwarded-For', '10.0.0.1'], [
    'X-Forwarded-For',
    '127.0.0.1, 10.0.0.1'
  ], ['x-forwarded-for', '"><script>'], ['X-Forwarded-Proto', 'https'], ['X-Forwarded-Host', 'evil.example'], ['X-Forwarded-Port', '443']
].map(([name, value]) => ({
  name: `${name}: ${value} of a stranger is not believed`,
  source: 'RFC 7239 §8; CVE-2026-3635, GHSA-6384-m2mw-rf54',
  send: get('/', `${name}: ${value}`),
  client: [[200]],
  reaches: 1,
  seen: { fields: { 'x-forwarded-for': ['127.0.0.1'], 'x-forwarded-proto': ['http'], 'x-forwarded-host': ['a.example'] } }
}))

const origin: Attack[] = [
  'X-Forwarded-Prefix: /admin',
  'X-Forwarded-Server: x',
  'X-Forwarded-Ssl: on',
  'X-Forwarded-Scheme: https',
  'X-Forwarded-By: x',
  'X-Forwarded-Uri: /admin',
  'X-Forwarded-Method: GET',
  'X-Forwarded-User: root',
  'X-Forwarded: x',
  'Forwarded: for=10.0.0.1;host=evil;proto=https',
  'X-Real-IP: 10.0.0.1',
  'X-Client-IP: 10.0.0.1',
  'Client-IP: 10.0.0.1',
  'True-Client-IP: 10.0.0.1',
  'X-Cluster-Client-IP: 10.0.0.1',
  'CF-Connecting-IP: 10.0.0.1',
  'Fastly-Client-IP: 10.0.0.1',
  'X-Original-URL: /admin',
  'X-Original-Host: evil',
  'X-Original-Forwarded-For: 10.0.0.1',
  'X-Rewrite-URL: /admin',
  'X-Host: evil', 'X-HTTP-Host-Override: evil', 'Front-End-Https: on', 'X-Url-Scheme: https', 'X-Envoy-External-Address: 10.0.0.1'
].filter(field => !field.startsWith('X-Forwarded: ')).map(field => ({
  name: `${field} of a stranger is dropped`, source: 'RFC 7239 §8; PortSwigger, practical cache poisoning', send: get(
    '/',
    field
  ), client: [[200]], reaches: 1, seen: { without: [field.split(':', 1)[0]!.toLowerCase()] }
}))

const expectations: Attack[] = [
  {
    name: 'Expect: 100-continue is answered, then the body passes',
    source: 'RFC 9110 §10.1.1',
    send: [keep('', 'Connection: close', 'Content-Length: 5', 'Expect: 100-continue'), { after: '100 Continue', send: 'hello' }],
    client: [[200]],
    reaches: 1,
    seen: { body: 'hello', without: ['expect'] },
    open: true
  },
  {
    name: 'Expect in other letters',
    source: 'RFC 9110 §10.1.1',
    send: [keep('', 'Connection: close', 'Content-Length: 5', 'Expect: 100-CONTINUE'), { after: '100 Continue', send: 'hello' }],
    client: [[200]],
    reaches: 1,
    seen: { body: 'hello' },
    open: true
  },
  {
    name: 'a body that does not wait to be asked',
    source: 'RFC 9110 §10.1.1; CVE-2024-24791',
    send: post('hello', 'Content-Length: 5', 'Expect: 100-continue'),
    client: [[200]],
    reaches: 1,
    seen: { body: 'hello' },
    open: true
  },
  ...[
    '100-continue, x', 'x, 100-continue', '100-continue;q=1', 'x', '100-continuex', '200-ok', '100 continue',
    '100_continue', 'continue'
  ].map((value): Attack => ({
    name: `Expect: ${value}`, source: 'RFC 9110 §10.1.1; PortSwigger, 0.CL', send: post(
      'hello',
      'Content-Length: 5',
      `Expect: ${value}`
    ), client: [[417]], reaches: 'nothing'
  }))
]

export const hops: Theme = {
  name: 'fields of one connection, and of origin',
  attacks: [...nominations, ...nominated, ...ended, ...asked, ...forged, ...origin, ...expectations]
}
