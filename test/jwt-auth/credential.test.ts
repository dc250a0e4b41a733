/** A token in a header or cookie, over real HTTP: which one is read, and what is left for the service and the policies after. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProject } from '../extending/project.ts'
import { send } from '../helpers/client.ts'
import { startTarget } from '../helpers/target.ts'
import { wall } from './door.ts'
import { secret, token } from './keys.ts'

const clock = { now: () => performance.now(), wall: () => wall }

/** A policy that responds with what it sees of Cookie, as one after `login` does. */
const witness = `export default async app => {
  app.addHook('onRequest', async ({ headers }, reply) => {
    reply.header('x-seen', JSON.stringify([headers.cookie ?? null, headers['x-ticket'] ?? null]))
  })
}
`

const yaml = (service: string): string => `
policies:
  cookie: { plugin: jwt-auth, secret: "${secret}", token: { from: cookie, name: session }, forwardToken: false }
  header: { plugin: jwt-auth, secret: "${secret}", token: { from: header, name: X-Ticket }, forwardToken: false }
  kept: { plugin: jwt-auth, secret: "${secret}", token: { from: cookie, name: session } }
  witness: { plugin: ./witness.mjs }
routes:
  - { path: /cookie, target: "${service}", policies: [cookie, witness] }
  - { path: /header, target: "${service}", policies: [header, witness] }
  - { path: /kept, target: "${service}", policies: [kept, witness] }
`

test('a cookie is told from those whose names only look like it, however its field and its neighbours are written', async t => {
  const service = await startTarget(t)
  const { url } = await startProject(t, yaml(service.url), { 'witness.mjs': witness }, { clock })
  const good = token()
  const rows: readonly (readonly [fields: readonly string[], left: string | undefined])[] = [
    [['cookie', `session=${good}`], undefined],
    [['COOKIE', `session=${good}`], undefined],
    [['Cookie', `a=1;session=${good};b=2`], 'a=1; b=2'],
    [['Cookie', `a=1;  session=${good} ;b=2`], 'a=1; b=2'],
    [['Cookie', `xsession=1; session=${good}; session2=2; y=session=3`], 'xsession=1; session2=2; y=session=3'],
    [['Cookie', 'a=1', 'Cookie', `session=${good}`, 'cookie', 'b=2'], 'a=1; b=2'],
    [['Cookie', `a=1; session=${good}`, 'Cookie', 'b=2', 'Cookie', 'c=3'], 'a=1; b=2; c=3']
  ]
  for (const [fields, left] of rows) {
    const answer = await send(url, '/cookie', { headers: ['host', 'door', ...fields] })
    assert.equal(answer.status, 200, fields.join(' '))
    assert.equal(service.hits.at(-1)!.headers.cookie, left)
    assert.deepEqual(JSON.parse(String(answer.headers['x-seen'])), [left ?? null, null])
  }
  for (const [fields, status] of [
    [['Cookie', `xsession=${good}`], 401],
    [['Cookie', `session=${good}`, 'Cookie', `session=${good}`], 401],
    [['Cookie', `x=session=${good}`], 401]
  ] as const) {
    assert.equal((await send(url, '/cookie', { headers: ['host', 'door', ...fields] })).status, status, fields.join(' '))
  }
  assert.equal((await send(url, '/kept', { headers: ['host', 'door', 'Cookie', `a=1; session=${good}`] })).status, 200)
  assert.equal(service.hits.at(-1)!.headers.cookie, `a=1; session=${good}`)
})

test('a header is found in any case, and two of them are not one', async t => {
  const service = await startTarget(t)
  const { url } = await startProject(t, yaml(service.url), { 'witness.mjs': witness }, { clock })
  for (const name of ['x-ticket', 'X-Ticket', 'X-TICKET']) {
    const answer = await send(url, '/header', { headers: ['host', 'door', name, token()] })
    assert.equal(answer.status, 200, name)
    assert.equal(service.hits.at(-1)!.headers['x-ticket'], undefined)
    assert.deepEqual(JSON.parse(String(answer.headers['x-seen'])), [null, null])
  }
  for (const fields of [
    ['x-ticket', token(), 'X-Ticket', token()],
    ['x-ticket', `Bearer ${token()}`],
    ['x-ticket', ''],
    ['x-tickets', token()]
  ]) assert.equal((await send(url, '/header', { headers: ['host', 'door', ...fields] })).status, 401)
})
