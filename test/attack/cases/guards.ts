/** Every spelling of a guarded path: the decision is that of the plain spelling, or there is none because the request is refused. */

import type { Attack, Theme } from '../case.ts'
import { get, shown } from '../write.ts'

/** `/admin/*` and `/api/admin/*` ask for a token, beside `/*` and `/api/*`, which do not. */
export function guardedDoor (upstream: string): string {
  return `${upstream}policies:
  login: { plugin: jwt-auth, secret: an-attack-suite-secret-of-enough-bytes }
routes:
  - { path: /*, upstream: service, public: true }
  - { path: /admin/*, upstream: service, policies: [login] }
  - { path: /api/*, upstream: service, stripPrefix: /api, public: true }
  - { path: /api/admin/*, upstream: service, stripPrefix: /api, policies: [login] }
  - { path: /users/:id/secret, upstream: service, policies: [login] }
`
}

/** The guarded folder, and ways to write its path. */
const spellings = (admin: string): string[] => {
  const name = admin.slice(admin.lastIndexOf('/') + 1)
  const parent = admin.slice(0, -name.length)
  const hex = (text: string): string => text.replace(/./g, letter => `%${letter.charCodeAt(0).toString(16)}`)
  return [
    admin, `${admin}/`, `${admin}/x`, `${admin}?x`, `${admin}/x?y=/`, `${admin}//x`, `${admin}/x/`,
    `${parent}${hex(name)}/x`, `${parent}${hex(name[0]!)}${name.slice(1)}/x`, `${parent}${name.slice(0, -1)}${hex(name.at(-1)!)}`,
    `${parent}${hex(name).toUpperCase()}/x`,
    `/${admin}/x`, `//${admin}/x`, `${parent}./${name}/x`, `${parent}%2e/${name}/x`, `${parent}public/../${name}/x`,
    `${parent}public/%2e%2e/${name}/x`, `${parent}public/.%2e/${name}/x`, `${parent}public/..%2f${name}/x`,
    `${parent}public%2f..%2f${name}/x`, `${parent}public/..;/${name}/x`, `${parent}public/..;x/${name}/x`,
    `${parent}public/%2e%2e%3b/${name}/x`, `${parent}public/%252e%252e/${name}/x`,
    `${parent}public/%252e%252e%252f${name}/x`, `${parent}public/..%252f${name}/x`, `${parent}public/..\\${name}/x`,
    `${parent}public/..%5c${name}/x`, `${parent}%c0%ae%c0%ae/${name}/x`, `${parent}public/%c0%ae%c0%ae%c0%af${name}/x`,
    `${admin}%2fx`, `${admin}%2Fx`, `${admin}%2f..%2fx`, `${admin}/..%2f..%2fx`, `${admin};/x`, `${admin};a=b/x`,
    `${admin};`, `${admin}%3b/x`, `${admin}/;/x`, `${admin}/x;y`, `/;/${admin.slice(1)}/x`, `${parent};a/${name}/x`,
    `${admin}%00/x`, `${admin}/%00`, `${admin}%09/x`, `${admin}%0a`, `${admin}#/x`, `${admin}%5cx`, `${admin}\\x`,
    `${parent}%25${hex(name[0]!).slice(1)}${name.slice(1)}/x`, `${parent}%25%36%31${name.slice(1)}/x`,
    `${parent}%2525${hex(name[0]!).slice(1)}${name.slice(1)}/x`, `${admin}%252fx`, `${admin}%252Fx`, `${admin}%25252fx`,
    `${admin}%255cx`, `${admin}%253ba`, `${admin}%253ba/x`, `${admin}%253b%252fx`,
    `${admin}%20/x`, `${admin}%20`, `${admin}./x`, `${admin}.`, `${admin}%2e/x`, `${admin}.%20./x`, `${admin}%2520/x`,
    `${admin}%252e/x`, `${admin}.%2fx`, `${admin}%20;x/y`, `${parent}/${name}./x`,
    `http://a.example${admin}/x`, `http://other.example${admin}/x`, `http://a.example/${admin}/x`,
    `HTTP://A.EXAMPLE${admin}/x`, `http://a.example/public/..${admin}/x`, `${admin}/x/../y`, `${admin}/../${name}/x`,
    `${admin}/.`, `${admin}/..`, `${admin}/%2e%2e/${name}`
  ]
}

const roundabout: Attack[] = [...spellings('/admin'), ...spellings('/api/admin')].map(target => ({
  name: `without a token: ${shown(target)}`,
  source: 'RFC 3986 §6.2.2; CVE-2026-33804, CVE-2026-14198, CVE-2026-40912, CVE-2025-66490',
  send: get(target),
  client: [[400, 401]],
  reaches: 'nothing'
}))

const stripped: Attack[] = [
  '/api../admin/x', '/api%2e%2e/admin', '/api/../admin/x', '/api/%2e%2e/admin/x', '/api//admin/x', '/api/./admin/x',
  '/api%2fadmin/x', '/api%2f%2fadmin', '/api;/admin/x', '/api/%61dmin/x', '//api/admin/x', '/api/;x/admin/y',
  '/api%2e/admin'
].map(target => ({
  name: `a prefix that is taken off uncovers nothing: ${target}`,
  source: 'CVE-2026-48020, CVE-2026-40912, CVE-2021-21321',
  send: get(target),
  client: [[400, 401, 200]],
  reaches: 'nothing'
}))

const parameters: Attack[] = [
  '/users/1/secret', '/users/1%2f2/secret', '/users/../secret', '/users/%2e%2e/secret', '/users/1;a/secret',
  '/users/1/%73ecret', '/users/1/secret;x', '//users/1/secret', '/users/%E2%98%83/secret'
].map(target => ({
  name: `a guarded parameter: ${target}`, source: 'RFC 3986 §3.3', send: get(target), client: [[400, 401]], reaches: 'nothing'
}))

const methods: Attack[] = [
  'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE', 'PROPFIND', 'MOVE', 'PURGE', 'LINK',
  'M-SEARCH', 'CONNECT'
].map(method => ({
  name: `${method} is guarded as well`,
  source: 'RFC 9110 §9; verb tampering',
  send: `${method} /admin/x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`,
  client: [[401, 404, 405, 400]],
  reaches: 'nothing'
}))

const overrides: Attack[] = [
  'X-HTTP-Method-Override: GET', 'X-Method-Override: DELETE', 'X-Original-URL: /admin/x', 'X-Rewrite-URL: /admin/x',
  'X-Forwarded-Uri: /admin/x', 'X-Original-Path: /admin/x', 'X-Override-URL: /admin', 'X-Forwarded-Prefix: /admin'
].map(field => ({
  name: `${field} changes no route`,
  source: 'PortSwigger, practical cache poisoning',
  send: get('/public', field),
  client: [[200]],
  reaches: 1,
  seen: {
    target: '/public',
    method: 'GET',
    without: /Original|Rewrite|Forwarded/.test(field) ? [field.split(':', 1)[0]!.toLowerCase()] : []
  }
}))

const tokens: Attack[] = [
  ['none', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjo5OTk5OTk5OTk5fQ.'],
  ['None', 'Bearer eyJhbGciOiJOb25lIn0.eyJzdWIiOiJhIiwiZXhwIjo5OTk5OTk5OTk5fQ.'], ['an empty scheme', ''],
  ['only Bearer', 'Bearer'], ['Bearer and spaces', 'Bearer   '], ['Basic', 'Basic YTpi'], ['dots', 'Bearer ..'],
  ['one dot', 'Bearer a.b'], ['four dots', 'Bearer a.b.c.d.e'],
  ['a comma', 'Bearer a.b.c, Bearer d.e.f'], ['NUL in base64', 'Bearer AA.AA.AA'], [
    'a token of 20 KiB',
    `Bearer ${'a'.repeat(20_000)}.b.c`
  ], ['binary bytes', 'Bearer \xff\xfe.\x80.\x81'], ['brackets', 'Bearer {}.[].""'], ['__proto__', 'Bearer __proto__.constructor.prototype']
].map(([what, value]) => ({
  name: `a token that is ${what}`, source: 'RFC 8725 §3; RFC 6750 §3.1', send: get(
    '/admin/x',
    `Authorization: ${value}`
  ), client: [[401, 400]], reaches: 'nothing', shown: /www-authenticate: Bearer|400/i
}))

const twice: Attack[] = [
  {
    name: 'two Authorization fields',
    source: 'RFC 9110 §5.3',
    send: get('/admin/x', 'Authorization: Bearer a.b.c', 'authorization: Bearer d.e.f'),
    client: [[400, 401]],
    reaches: 'nothing'
  },
  {
    name: 'a token in a trailer',
    source: 'RFC 9110 §6.5.1',
    send: 'POST /admin/x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: ' +
      'Bearer a.b.c\r\n\r\n',
    client: [[401]],
    reaches: 'nothing'
  },
  { name: 'a token in the query', source: 'RFC 6750 §2.3', send: get('/admin/x?access_token=a.b.c'), client: [[401]], reaches: 'nothing' },
  {
    name: 'a websocket on a guarded route',
    source: 'RFC 6455 §4.2.2',
    send: get(
      '/admin/x',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Version: 13'
    ),
    client: [[401, 400, 426]],
    reaches: 'nothing'
  },
  {
    name: 'a preflight that no policy answers',
    source: 'Fetch standard §3.2',
    send: 'OPTIONS /admin/x HTTP/1.1\r\nHost: a.example\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: ' +
      'GET\r\nConnection: close\r\n\r\n',
    client: [[401]],
    reaches: 'nothing'
  }
]

const neighbours: Attack[] = [
  '/adminx', '/admin.x', '/admin-x/y', '/xadmin', '/admi', '/a/admin', '/apiadmin', '/api/adminx', '/api/x/admin',
  '/users//secret', '/users/secret', '/users/1/secrets', '/users/1/x/secret'
].map(target => ({
  name: `${target} is another path and open`, source: 'RFC 3986 §6.2.1', send: get(target), client: [[200]], reaches: 1, seen: {
    target: target.startsWith('/api/') ? target.slice(4) : target
  }
}))

export const guards: Theme = {
  name: 'paths, methods and tokens against a guarded route',
  attacks: [...roundabout, ...stripped, ...parameters, ...methods, ...overrides, ...tokens, ...twice, ...neighbours]
}
