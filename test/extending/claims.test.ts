/** Who the client is, for a user's plugin behind each of the policies that find it out. */

import assert from 'node:assert/strict'
import { createHash, createHmac, scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { key } from '../any-of/key.ts'
import { send } from '../helpers/client.ts'
import { startTarget } from '../helpers/target.ts'
import { secret, token } from '../jwt-auth/keys.ts'
import { wall } from '../jwt-auth/door.ts'
import { startProject } from './project.ts'

/** A policy in TypeScript that responds with what it was told of the client. */
const reader = `import type { Claims, FastifyInstance, PluginConfig } from 'onedoor'
export const config = {} satisfies PluginConfig
export default async function reader (app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    const claims: Claims | null = request.claims
    return await reply.send({ sub: claims?.sub ?? null, tier: claims?.tier ?? null })
  })
}
`

test('S1-31 a plugin of the user reads who the client is, whichever policy before it found it out', async t => {
  const salt = Buffer.alloc(16, 7)
  const hash = scryptSync('open sesame', salt, 32, { N: 8192, r: 1, p: 1 }).toString('base64url')
  const scrypt = `scrypt:8192:1:1:${salt.toString('base64url')}:${hash}`
  const apiKey = 'a-key-of-the-shop-with-enough-letters-in-it'
  const issuer = await startTarget(t, (request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-auth-user': 'ann'
    }).end(request.url === '/introspect' ? JSON.stringify({ active: true, sub: 'ann', tier: 'gold' }) : '')
  })
  const verifiers: Readonly<Record<string, readonly [options: string, headers: Record<string, string>, tier: string | null]>> = {
    'jwt-auth': [`secret: "${secret}"`, { authorization: `Bearer ${token({ tier: 'gold' })}` }, 'gold'],
    'token-introspection': [
      `endpoint: "${issuer.url}/introspect", client: { id: door, secret: s3cret }`,
      { authorization: 'Bearer opaque' },
      'gold'
    ],
    'forward-auth': [`url: "${issuer.url}/verify", claims: { sub: x-auth-user }`, {}, null],
    'api-key': [
      `keys: [{ consumer: ann, tier: gold, hash: "sha256:${createHash('sha256').update(apiKey).digest('hex')}" }]`,
      { 'x-api-key': apiKey },
      'gold'
    ],
    'basic-auth': [`users: { ann: "${scrypt}" }`, { authorization: `Basic ${btoa('ann:open sesame')}` }, null],
    'hmac-signature': [
      'secrets: [s3cret-of-the-hook], header: x-signature, consumer: ann',
      { 'x-signature': createHmac('sha256', 's3cret-of-the-hook').digest('hex') },
      null
    ],
    './key.mjs': ['tier: gold', { 'x-key': 'k-ann' }, 'gold']
  }
  const entries = Object.entries(verifiers)
  const { url } = await startProject(t, [
    'policies:',
    '  reader: { plugin: ./reader.ts }',
    ...entries.map(([plugin, [options]], index) => `  v${index}: { plugin: ${plugin}, ${options} }`),
    `  anybody: { plugin: any-of, policies: [${entries.map((_, index) => `v${index}`).join(', ')}] }`,
    'routes:',
    ...entries.map((_, index) => `  - { path: /v${index}, respond: {}, policies: [v${index}, reader] }`),
    '  - { path: /any, respond: {}, policies: [anybody, reader] }',
    '  - { path: /open, respond: {}, policies: [reader] }'
  ].join('\n'), { 'reader.ts': reader, 'key.mjs': key }, { clock: { now: () => performance.now(), wall: () => wall } })
  for (const [index, [plugin, [, headers, tier]]] of entries.entries()) {
    for (const path of [`/v${index}`, '/any']) {
      const { status, text } = await send(url, path, { headers })
      assert.equal(status, 200, `${plugin} ${path}`)
      // Of any-of the first that lets the request in tells who it is, and the service of forward-auth lets in everybody.
      if (path === '/any' && index > 2) assert.deepEqual(JSON.parse(text), { sub: 'ann', tier: null })
      else assert.deepEqual(JSON.parse(text), { sub: 'ann', tier }, plugin)
    }
  }
  assert.deepEqual(JSON.parse((await send(url, '/open')).text), { sub: null, tier: null })
})
