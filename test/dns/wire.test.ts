/** Upstreams that are addressed by name, as clients see them: one name's trouble is not another's. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startNameServer } from '../helpers/name-server.ts'
import { startTarget } from '../helpers/target.ts'

const ask = async (url: string): Promise<string> => {
  const answer = await fetch(url)
  return answer.ok ? await answer.text() : `${answer.status} ${(await answer.json() as { code: string }).code}`
}

test('40 requests to a name that is not answered do not hold up one that is', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(200, { connection: 'close' }).end('good'))
  const names = await startNameServer(t, { 'good.internal': { a: ['127.0.0.1'] } })
  names.silent.add('dead.internal')
  const { url } = await startGateway(t, `
dns: { resolvers: ["${names.address}"] }
upstreams:
  dead: { targets: ["http://dead.internal:${target.port}"], timeouts: { connect: 1s }, retry: { attempts: 1 } }
  good: { targets: ["http://good.internal:${target.port}"] }
routes: [{ path: /dead, upstream: dead }, { path: /good, upstream: good }]
`)
  const dead = Promise.all(Array.from({ length: 40 }, async () => await ask(`${url}/dead`)))
  await names.asked(1)
  for (let index = 0; index < 50; index++) assert.equal(await ask(`${url}/good`), 'good')
  assert.deepEqual(new Set(await dead), new Set(['504 connect-timeout']))
  // One lookup for all: a query, and its repetition because no server responds.
  assert.ok(names.questions.filter(question => question.endsWith('dead.internal')).length <= 4)
  assert.ok(names.questions.filter(question => question.endsWith('good.internal')).length <= 2)
})

test('a name that does not exist is a dns-error, and one that moved is found when its old address takes no connection', async t => {
  const first = await startTarget(t, (_request, response) => response.writeHead(200, { connection: 'close' }).end('first'))
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1'], ttl: 600 } })
  const { url, logged } = await startGateway(t, `
dns: { resolvers: ["${names.address}"] }
upstreams:
  users: { targets: ["http://users.internal:${first.port}"], retry: { attempts: 1 } }
  none: { targets: ["http://none.internal:${first.port}"], retry: { attempts: 1 } }
  broken: { targets: ["http://broken.internal:${first.port}"], retry: { attempts: 1 } }
routes: [{ path: /, upstream: users }, { path: /none, upstream: none }, { path: /broken, upstream: broken }]
`)
  assert.equal(await ask(url), 'first')
  assert.equal(await ask(`${url}/none`), '502 dns-error')
  await new Promise<void>(resolve => { first.server.close(() => resolve()) })
  const second = await startTarget(t, (_request, response) => response.end('second'))
  await new Promise<void>(resolve => { second.server.close(() => resolve()) })
  await new Promise<void>(resolve => { second.server.listen(first.port, '127.0.0.2', resolve) })
  names.zones.set('users.internal', { a: ['127.0.0.2'], ttl: 600 })
  let answer = ''
  while (answer !== 'second') answer = await ask(url)
  names.failing = true
  assert.equal(await ask(`${url}/broken`), '502 dns-error')
  assert.equal((await logged(line => line['msg'] === 'a name cannot be looked up'))['name'], 'broken.internal')
})

test('a name server that is not an address is a problem with its place', async t => {
  await assert.rejects(startGateway(t, 'dns: { resolvers: [127.0.0.1, localhost] }\nroutes: [{ path: /, respond: { text: x } }]'),
    (error: Error) => /expected an IP address with an optional port/.test(JSON.stringify(error)))
})

test('other name servers are heeded after a restart, and a reload says so', async t => {
  const yaml = (server: string): string => `dns: { resolvers: ["${server}"] }\nroutes: [{ path: /, respond: { text: x } }]`
  const running = await startGateway(t, yaml('127.0.0.1'))
  running.write(yaml('127.0.0.2'))
  await running.gateway.reload('test')
  assert.deepEqual((await running.logged(line => line['msg'] === 'these keys take effect after a restart only'))['keys'], ['dns.resolvers'])
})
