/** ServiceClient: whatever a service does, the caller gets a response in time and of bounded size, or an error. */

import assert from 'node:assert/strict'
import type { LookupFunction, Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { ServiceClient, type ServiceOptions } from '../../src/service/service-client.ts'
import { ServiceUnavailable, UnusableAnswer } from '../../src/service/service-unavailable.ts'
import { certificate, privateKey } from '../health-checks/certificate.ts'
import { systemNames } from '../helpers/names.ts'
import { freePort, startRawTarget, startService, startTarget } from '../helpers/target.ts'

function clientFor (t: TestContext, options: Partial<ServiceOptions> = {}): ServiceClient {
  const client = new ServiceClient({ names: systemNames, timeout: 5000, limit: 1000, ...options })
  t.after(async () => await client.close())
  return client
}

const unavailable = (message: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof ServiceUnavailable)
  assert.match(error.message, message)
  return true
}

test('method, fields and body arrive, and status, fields and body come back', async t => {
  const service = await startTarget(t, (_request, response) => {
    response.writeHead(418, { 'X-Word': 'tea', 'set-cookie': ['a=1', 'b=2'] })
    response.end('pot')
  })
  const {
    status,
    headers,
    body
  } = await clientFor(t).ask({ url: `${service.url}/x?y`, method: 'POST', headers: { 'x-one': 'a', 'x-two': ['b', 'c'] }, body: 'hello' })
  assert.deepEqual([status, headers['x-word'], headers['set-cookie'], body.toString()], [418, 'tea', ['a=1', 'b=2'], 'pot'])
  const hit = service.hits[0]!
  assert.deepEqual(
    [hit.method, hit.url, hit.headers['x-one'], hit.headers['x-two'], hit.body.toString()],
    ['POST', '/x?y', 'a', 'b, c', 'hello']
  )
})

test('a redirect is a response, and is not followed', async t => {
  const other = await startTarget(t)
  const service = await startTarget(t, (_request, response) => {
    response.writeHead(302, { location: other.url })
    response.end()
  })
  const { status, headers } = await clientFor(t).ask({ url: service.url })
  assert.deepEqual([status, headers['location'], other.hits.length], [302, other.url, 0])
})

test('a body without end is cut off at the limit, and its connection closed', async t => {
  let socket: Socket | undefined
  const service = await startService(t, (request, response) => {
    socket = request.socket.on('error', () => {})
    const more = (): void => { while (!response.destroyed && response.write('x'.repeat(1000))); }
    response.on('drain', more).on('error', () => {})
    more()
  })
  await assert.rejects(clientFor(t).ask({ url: service.url }), unavailable(/longer than 1000 bytes/))
  if (!socket!.destroyed) await new Promise<void>(resolve => { socket!.once('close', () => resolve()) })
})

test('exactly as much as fits is a response', async t => {
  const service = await startTarget(t, (_request, response) => response.end('x'.repeat(1000)))
  assert.equal((await clientFor(t).ask({ url: service.url })).body.length, 1000)
})

test('a service that does not respond is given up on in time', async t => {
  const closed = Promise.withResolvers<void>()
  const service = await startRawTarget(t, socket => { socket.resume().on('error', () => {}).once('close', () => closed.resolve()) })
  await assert.rejects(clientFor(t, { timeout: 30 }).ask({ url: service.url }), unavailable(/no response within 30 ms/))
  // Its connection is free for others.
  await closed.promise
})

test('a body that trickles does not stretch the time', async t => {
  const service = await startRawTarget(t, socket => socket.once('data', () => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n')
    const timer = setInterval(() => socket.write('x'), 5)
    socket.on('close', () => clearInterval(timer))
  }))
  await assert.rejects(clientFor(t, { timeout: 60 }).ask({ url: service.url }), unavailable(/no response within 60 ms/))
})

test('a connection that the service closes when it is used again costs no response, where asking twice does no harm', async t => {
  let sockets = 0
  const service = await startRawTarget(t, socket => {
    sockets++
    let asked = 0
    socket.on('data', () => {
      if (++asked === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      else socket.destroy()
    })
  })
  // One idle connection, and the next question uses it.
  const used = async (client: ServiceClient): Promise<void> => {
    await client.ask({ url: service.url })
    await new Promise(resolve => { setImmediate(resolve) })
  }
  const client = clientFor(t)
  await used(client)
  assert.equal((await client.ask({ url: service.url })).body.toString(), 'ok')
  assert.equal(sockets, 2)
  const careful = clientFor(t)
  await used(careful)
  await assert.rejects(careful.ask({ url: service.url, method: 'POST', body: 'x' }), unavailable(/cannot be reached/))
  const form = clientFor(t)
  await used(form)
  assert.equal((await form.ask({ url: service.url, method: 'POST', body: 'x', repeatable: true })).body.toString(), 'ok')
})

for (const [what, bytes] of [
  ['closes without a word', ''],
  ['breaks off', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'],
  ['speaks something else', 'SSH-2.0-OpenSSH\r\n']
] as const) {
  test(`a service that ${what} is none`, async t => {
    const service = await startRawTarget(t, socket => socket.once('data', () => socket.end(bytes)))
    await assert.rejects(clientFor(t).ask({ url: service.url }), unavailable(/cannot be reached/))
  })
}

test('a head without end is none', async t => {
  const service = await startRawTarget(t, socket => socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`)))
  await assert.rejects(clientFor(t).ask({ url: service.url }), unavailable(/cannot be reached/))
})

test('a refused connection is reported at once, and the message has no address', async t => {
  const port = await freePort()
  await assert.rejects(
    clientFor(t).ask({ url: `http://127.0.0.1:${port}` }),
    error => unavailable(/^the service cannot be reached$/)(error) && !String((error as Error).message).includes(String(port))
  )
})

test('an untrusted certificate is rejected, and one that the file trusts is not', async t => {
  const service = await startService(t, (_request, response) => response.end('safe'), { cert: certificate, key: privateKey })
  await assert.rejects(clientFor(t).ask({ url: service.url }), unavailable(/cannot be reached/))
  // YAML blocks leave white space around it.
  for (const ca of [certificate, `\n   ${certificate}\n`]) {
    assert.equal((await clientFor(t, { ca }).ask({ url: service.url })).body.toString(), 'safe')
  }
})

test('an address is doubted when it does not respond, and not for what it responds', async t => {
  const doubted: string[] = []
  const names = { ...systemNames, doubt: (name: string) => { doubted.push(name) } }
  const service = await startTarget(t, (_request, response) => { response.end('x'.repeat(1001)) })
  await assert.rejects(clientFor(t, { names }).ask({ url: service.url }), UnusableAnswer)
  assert.deepEqual(doubted, [])
  const silent = await startRawTarget(t, () => {})
  await assert.rejects(clientFor(t, { names, timeout: 30 }).ask({ url: silent.url }))
  await assert.rejects(clientFor(t, { names }).ask({ url: `http://127.0.0.1:${await freePort()}` }))
  assert.deepEqual(doubted, ['127.0.0.1', '127.0.0.1'])
})

test('a client that is closed gives up on what it asked', async t => {
  const asked = Promise.withResolvers<void>()
  const service = await startRawTarget(t, socket => { socket.once('data', () => asked.resolve()).on('error', () => {}) })
  const client = clientFor(t, { timeout: 60_000 })
  const answer = assert.rejects(client.ask({ url: service.url }), unavailable(/cannot be reached/))
  await asked.promise
  await client.close()
  await answer
})

test('connections are used again, also after redirects and refusals', async t => {
  const service = await startTarget(t, (_request, response, { url }) => {
    response.statusCode = Number(url.slice(1))
    response.end('text')
  })
  const client = clientFor(t)
  for (const status of [200, 302, 401, 500, 200, 302, 401, 500]) {
    assert.equal((await client.ask({ url: `${service.url}/${status}` })).status, status)
  }
  // The one that has just answered may not be free yet.
  assert.ok(service.connections <= 2)
})

for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL']) {
  test(`${code} is what this machine lacks, and no failure of the service`, async t => {
    const names = {
      ...systemNames,
      lookup: ((_name, _options, callback) => callback(Object.assign(new Error(code), { code }), '', 0)) as LookupFunction
    }
    await assert.rejects(clientFor(t, { names }).ask({ url: 'http://users.internal:1/' }), UnusableAnswer)
  })
}
