/** What parameters, queries, fields and claims can put into a request, a response or a log, where the file uses them. */

import { createHmac } from 'node:crypto'
import type { Attack, Theme } from '../case.ts'
import { get, shown } from '../write.ts'

const secret = 'an-attack-suite-secret-of-enough-bytes'

/** Fields from everything a client chooses; `/users/:id` asks for a token. */
export function templateDoor (upstream: string): string {
  return `${upstream}policies:
  login: { plugin: jwt-auth, secret: ${secret}, identityHeaders: { x-user-id: sub, x-roles: roles } }
routes:
  - path: /echo/:id
    upstream: service
    requestHeaders: { set: { x-id: "\${params.id}", x-q: "\${query.q}", x-h: "\${header.x-in}" } }
    responseHeaders: { set: { x-id: "\${params.id}", x-q: "\${query.q}" } }
  - { path: /sentinel/:id, upstream: service }
  - { path: /to/:id, upstream: service, rewrite: "/v2/\${params.id}/end" }
  - { path: /users/:id, upstream: service, policies: [login], requestHeaders: { set: { x-name: "\${claims.name}" } } }
`
}

/** A token that is right in everything but what its claims say. */
function token (claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: 4_000_000_000, ...claims })}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** What ends a field, a head or a line of some reader. */
const breaks = [
  '%0d%0aX-Evil:%201', '%0aX-Evil:%201', '%0d', '%00', '%7f', '%1b%5b2J', '%c2%85', '%e2%80%a8', '%ef%bb%bf', '%c4%8a',
  '%c4%8d'
]

const inQuery: Attack[] = breaks.map(text => ({
  name: `${text} in a query that becomes a field`,
  source: 'RFC 9110 §5.5, §17.3; response splitting',
  send: get(`/echo/1?q=a${text}b`),
  client: [[200, 400]],
  reaches: 1,
  seen: { without: ['x-evil'] },
  hidden: /\r?\nx-evil/i
}))

/** Control bytes are refused in any path. */
const inPath: Attack[] = breaks.map(text => {
  const refused = /^%(?:0|1|7f)/.test(text)
  return {
    name: `${text} in a parameter that becomes a field`,
    source: 'RFC 9110 §5.5; response splitting',
    send: get(`/echo/a${text}b`),
    client: [refused ? [400] : [200]],
    reaches: refused ? 'nothing' : 1,
    seen: { without: ['x-evil'] },
    hidden: /\r?\nx-evil/i
  }
})

const inRewrite: Attack[] = [
  '..', '%2e%2e', '%2e%2e%2fx', 'a%2f..%2fb', '..%5cx', 'a%23b', 'a%3fb', 'a%20HTTP%2f1.1', 'a;b', '%C3%A9', 'a%2fb',
  '${params.id}', '%24%7Bheader.cookie%7D', '{{7*7}}'
].map(id => {
  const refused = /\.\.|%2e%2e|\.\.%5c/.test(id)
  return {
    name: `${id} in a parameter that becomes part of a path`,
    source: 'RFC 3986 §3.3; CVE-2021-21321',
    send: get(`/to/${id}`),
    client: [refused ? [400] : [200]],
    reaches: refused ? 'nothing' : 1,
    ...refused ? {} : { seen: { target: `/v2/${id.replace(/[{}]/g, encodeURIComponent)}/end` } }
  } satisfies Attack
})

const names: readonly unknown[] = [
  'a\r\nX-Evil: 1', 'a\nX-Evil: 1', 'a\rX-Evil: 1', 'a\0b', '\x7f', '\u0085X-Evil: 1', '\u2028X-Evil: 1',
  '\u010aX-Evil: 1', '\u010d\u010aX-Evil: 1', 'caf\u00e9', '\ud83d\ude00', 'a'.repeat(10_000), '', ' ',
  ['a', 'b\r\nX-Evil: 1'], { a: '\r\nX-Evil: 1' }, null, true, 1e21, [[['a']]]
]
const inClaims: Attack[] = names.flatMap(value => ['name', 'sub', 'roles'].map((claim): Attack => ({
  name: `${shown(Buffer.from(JSON.stringify(value)).toString('latin1'))} as the claim ${claim}`,
  source: 'RFC 9110 §5.5; CVE-2026-33433',
  send: get('/users/1', `Authorization: Bearer ${token({ [claim]: value })}`),
  client: [[200, 401, 403]],
  reaches: 1,
  seen: { without: ['x-evil'] },
  hidden: /\r?\nx-evil/i
})))

const imposed: Attack[] = ['X-User-Id', 'x-user-id', 'X-USER-ID', 'X-Roles', 'X-Name', 'X_User_Id', 'X-User_Id'].map(name => ({
  name: `${name} of the client is not that of the token`, source: 'CVE-2026-33433, GHSA-5m6w-wvh7-57vm', send: get(
    '/users/1',
    `${name}: root`,
    `Authorization: Bearer ${token({})}`
  ), client: [[200]], reaches: 1, seen: { without: [name.toLowerCase(), 'x-user-id', 'x-roles', 'x-name'] }
}))

const nominated: Attack[] = ['X-User-Id', 'Authorization', 'X-Roles, X-User-Id'].map(names => ({
  name: `Connection: ${names} does not take the identity away`, source: 'CVE-2024-45410', send: get(
    '/users/1',
    `Connection: ${names}`,
    `Authorization: Bearer ${token({ sub: 'ann' })}`
  ), client: [[200]], reaches: 1, seen: { fields: { 'x-user-id': ['ann'] } }
}))

const elsewhere: Attack[] = ['a\r\nb', '${jndi:ldap://x}', '"}\n{"level":"error"', '\x1b[31m', '%s%s%n'].map(text => ({
  name: `${shown(text)} in User-Agent and Referer`, source: 'log injection, CVE-2021-44228', send: get(
    '/echo/1',
    `User-Agent: ${text}`,
    `Referer: ${text}`
  ), client: [[200, 400]], reaches: /[\r\n\x1b]/.test(text) ? 'nothing' : 1
}))

const loops: Attack[] = ['${params.id}', '${header.x-in}', '$${params.id}', '${claims.sub}'].map(text => ({
  name: `${text} as a value is filled in once`, source: 'template injection', send: get(
    '/echo/1',
    `X-In: ${text}`
  ), client: [[200]], reaches: 1, seen: { fields: { 'x-h': [text] } }
}))

export const injection: Theme = {
  name: 'what clients put into fields, paths and claims',
  attacks: [...inQuery, ...inPath, ...inRewrite, ...inClaims, ...imposed, ...nominated, ...elsewhere, ...loops]
}
