/** docs/reference/plugin-api.md: its plugins load in its configurations, and do what it says. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { startTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

const page = readFileSync(new URL('../../docs/reference/plugin-api.md', import.meta.url), 'utf8')
const files = Object.fromEntries([...page.matchAll(/^```ts\n\/\/ (plugins\/\S+)\n([^]*?)^```$/gm)].map(([, name, text]) => [name!, text!]))
const configurations = [...page.matchAll(/^```YAML\n([^]*?)^```$/gm)].map(([, text]) => text!)

test('every configuration of the page starts with the plugins of the page', async t => {
  assert.equal(configurations.length, 8)
  for (const yaml of configurations) await startProject(t, yaml, files)
})

test('the policy of the page stamps, and refuses with the code that it names', async t => {
  const { url } = await startProject(t, configurations.find(yaml => yaml.includes('stamp.ts'))!, files)
  assert.equal((await fetch(`${url}/hello`)).headers.get('x-door'), 'stamped')
  const refused = await fetch(`${url}/hello`, { headers: { 'x-stamp': 'no' } })
  assert.equal((await refused.json() as { code: string }).code, 'forbidden')
})

test('the stage of the page sees the body that is sent', async t => {
  const { url, logged } = await startProject(t, configurations.find(yaml => yaml.includes('digest.ts'))!, files)
  assert.equal(await (await fetch(`${url}/hello`)).text(), 'hello')
  const { sha256 } = await logged(({ msg }) => msg === 'response body')
  assert.equal(sha256, createHash('sha256').update('hello').digest('hex'))
})

test('the policy of the page masks bodies of every kind', async t => {
  const { url } = await startProject(t, configurations.find(yaml => yaml.includes('mask.ts'))!, files)
  assert.equal(await (await fetch(`${url}/cards`)).text(), '*'.repeat(16))
})

test('the state of the page counts over a reload', async t => {
  const { gateway, url } = await startProject(
    t,
    'policies: { visits: { plugin: ./plugins/visits.ts } }\nroutes: [{ path: /, respond: { text: ok }, policies: [visits] }]',
    files
  )
  assert.equal((await fetch(url)).headers.get('x-visits'), '1')
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal((await fetch(url)).headers.get('x-visits'), '2')
})

test('the table of the page counts by client', async t => {
  const { url } = await startProject(
    t,
    'policies: { seen: { plugin: ./plugins/last-seen.ts } }\nroutes: [{ path: /, respond: { text: ok }, policies: [seen] }]',
    files
  )
  for (const visits of ['1', '2']) assert.equal((await fetch(url)).headers.get('x-visits-today'), visits)
})

test('the gate of the page closes its upstream, and the greeting greets', async t => {
  const closed = await startProject(t, configurations.find(yaml => yaml.includes('closed.ts'))!, files)
  assert.equal((await fetch(`${closed.url}/users`)).status, 503)
  const greeting = await startProject(t, configurations.find(yaml => yaml.includes('greet.ts'))!, files)
  assert.equal(await (await fetch(`${greeting.url}/hello`)).text(), 'hello world')
})

test('the authentication policy of the page lets its sessions in, and no others', async t => {
  const { url } = await startProject(t, configurations.find(yaml => yaml.includes('session.ts'))!, files)
  assert.equal((await fetch(`${url}/mine`, { headers: { 'x-session': 's1' } })).status, 200)
  for (const [headers, code] of [[{}, 'missing-token'], [{ 'x-session': 's2' }, 'invalid-token']] as const) {
    const refused = await fetch(`${url}/mine`, { headers })
    assert.equal(refused.status, 401)
    assert.equal((await refused.json() as { code: string }).code, code)
  }
})

test('the verifier of the page lets in whom its vault knows, asks about a token once, and tells the upstream who it is', async t => {
  const asked: string[] = []
  const vault = await startTarget(t, (request, response, { body }) => {
    const token = body.toString()
    asked.push(token)
    response.writeHead(token === 'good' || token === 'weak' ? 200 : 404).end(JSON.stringify({
      sub: 'ada',
      scope: token === 'good' ? 'orders:read' : ''
    }))
  })
  const service = await startTarget(t)
  const yaml = configurations.find(text => text.includes('vault.ts'))!.replace(
    'http://127.0.0.1:8200/verify',
    vault.url
  ).replace('http://127.0.0.1:9003', service.url)
  const { url } = await startProject(t, yaml, files)
  const ask = async (token: string): Promise<number> => (await fetch(
    `${url}/orders`,
    { headers: { authorization: `Bearer ${token}`, 'x-user': 'root' } }
  )).status
  assert.deepEqual([await ask('good'), await ask('good'), await ask('weak'), await ask('bad')], [200, 200, 403, 401])
  assert.deepEqual(asked, ['good', 'weak', 'bad'])
  assert.deepEqual(service.hits.map(({ headers }) => headers['x-user']), ['ada', 'ada'])
  await vault.close()
  assert.equal(await ask('another'), 503)
})
