/** One probe: what passes and what fails, over real connections. */

import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { globalAgent, request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net, { type AddressInfo } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { probe, type ProbeOptions } from '../../plugins/core/health-checks/probe.ts'
import { describeProbeCause } from '../../plugins/core/health-checks/probe-cause.ts'
import { tcpProbe } from '../../plugins/core/health-checks/tcp-probe.ts'
import { statusSet } from '../../src/config/schema/status-set.ts'
import { systemNames } from '../helpers/names.ts'
import { freePort, startRawTarget, startTarget } from '../helpers/target.ts'
import { certificate, privateKey } from './certificate.ts'

/** Why a probe of a URL failed; undefined: it passed. */
async function ask (url: string, options: Partial<ProbeOptions> = {}, signal = new AbortController().signal): Promise<string | undefined> {
  const { failure } = await probe(
    {
      url: `${url}/health`,
      method: 'GET',
      names: systemNames,
      timeout: 5000,
      tls: { verify: true },
      isHealthy: statusSet(['2xx']),
      ...options
    },
    signal
  )
  return words(failure, options.timeout)
}

function words (failure: number | undefined, timeout = 5000): string | undefined {
  return failure === undefined ? undefined : describeProbeCause(failure, timeout)
}

test('asks for the path, says who is asking and leaves no connection behind', async t => {
  const target = await startTarget(t)
  const closed = once(target.server, 'connection').then(([socket]) => once(socket, 'close'))
  assert.equal(await ask(target.url, { method: 'HEAD' }), undefined)
  await closed
  const [hit] = target.hits
  assert.deepEqual(
    [hit!.method, hit!.url, hit!.headers['user-agent'], hit!.headers.host],
    ['HEAD', '/health', 'onedoor-health', `127.0.0.1:${target.port}`]
  )
})

for (const [status, failure] of [
  [200, undefined], [204, undefined], [301, 'HTTP 301'], [404, 'HTTP 404'], [500, 'HTTP 500'], [503, 'HTTP 503']
] as const) {
  test(`S2-084 a response ${status} is ${failure === undefined ? 'a good' : 'a bad'} one`, async t => {
    const target = await startTarget(t, (_request, response) => response.writeHead(status, { location: '/elsewhere' }).end())
    assert.equal(await ask(target.url), failure)
    assert.equal(target.hits.length, 1, 'a redirect is not followed')
  })
}

test('the file may say which statuses are good', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(401).end())
  assert.equal(await ask(target.url, { isHealthy: statusSet([200, 401]) }), undefined)
  assert.equal(await ask(target.url, { isHealthy: statusSet(['3xx']) }), 'HTTP 401')
})

test('a target that refuses the connection fails', async () => {
  assert.equal(await ask(`http://127.0.0.1:${await freePort()}`), 'connection-refused')
})

test('a target that does not respond within the timeout fails', async t => {
  const target = await startRawTarget(t, () => {})
  assert.equal(await ask(target.url, { timeout: 20 }), 'no response within 20ms')
})

test('a target that stops in the middle of its response fails after the timeout', async t => {
  const target = await startRawTarget(t, socket => { socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf') })
  assert.equal(await ask(target.url, { timeout: 50 }), 'no response within 50ms')
})

test('a target that cuts its response fails', async t => {
  const target = await startRawTarget(t, socket => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf') })
  assert.equal(await ask(target.url), 'response-cut')
})

test('a target that closes without a response fails', async t => {
  const target = await startRawTarget(t, socket => { socket.end() })
  assert.equal(await ask(target.url), 'connection-terminated')
})

test('a target that does not speak HTTP fails', async t => {
  const target = await startRawTarget(t, socket => { socket.end('SSH-2.0-OpenSSH_9.9\r\n') })
  assert.equal(await ask(target.url), 'malformed-response')
})

test('a target that switches protocols unasked fails', async t => {
  const target = await startRawTarget(
    t,
    socket => { socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n') }
  )
  assert.equal(await ask(target.url), 'connection-terminated')
})

test('a body without end is not read on', async t => {
  let answer: ServerResponse | undefined
  const target = await startTarget(t, (_request, response) => {
    answer = response
    const more = () => { while (!response.destroyed && response.write(Buffer.alloc(16_384))); }
    response.on('drain', more)
    more()
  })
  assert.equal(await ask(target.url), undefined)
  if (!answer!.destroyed) await once(answer!, 'close')
})

test('a head as large as 64 KiB is read, as that of a response to a client', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(200, { 'x-filler': 'x'.repeat(60_000) }).end())
  assert.equal(await ask(target.url), undefined)
})

test('a bad status fails also where a text is expected that the response has', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(503).end('UP'))
  assert.equal(await ask(target.url, { body: 'UP' }), 'HTTP 503')
})

test('each probe has a connection of its own, although there is one that is kept', async t => {
  const target = await startTarget(t)
  let connections = 0
  target.server.on('connection', () => connections++)
  t.after(() => globalAgent.destroy())
  const [response] = await once(request(target.url).end(), 'response') as [NodeJS.ReadableStream]
  await once(response.resume(), 'end')
  while (Object.keys(globalAgent.freeSockets).length === 0) await new Promise(setImmediate)
  assert.equal(await ask(target.url), undefined)
  assert.equal(connections, 2)
})

test('the name of a target is looked up where that of traffic is, and doubted when no connection can be made', async () => {
  for (const knock of [
    async (url: string, names: ProbeOptions['names']) => await ask(url, { names }),
    async (
      origin: string,
      names: ProbeOptions['names']
    ) => words((await tcpProbe({ origin, timeout: 5000, names }, new AbortController().signal)).failure)
  ]) {
    const asked: string[] = []
    const doubted: string[] = []
    const names: ProbeOptions['names'] = {
      lookup (name, options, callback) {
        asked.push(name)
        if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
        else callback(null, '127.0.0.1', 4)
      },
      doubt: name => { doubted.push(name) }
    }
    assert.equal(await knock(`http://users.example:${await freePort()}`, names), 'connection-refused')
    assert.deepEqual([asked, doubted], [['users.example'], ['users.example']])
  }
})

suite('over TLS', () => {
  const startSecure = async (t: TestContext, options: object = {}) => {
    const seen: { name: string | false | undefined, certified: boolean }[] = []
    const server = createServer({ cert: certificate, key: privateKey, ...options }, ({ socket }, response) => {
      const { servername, authorized } = socket as TLSSocket & { readonly servername: string | false }
      seen.push({ name: servername, certified: authorized })
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => { server.close().closeAllConnections() })
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
  }

  test('a certificate that is not trusted fails the probe, unless the file says so', async t => {
    const { url } = await startSecure(t)
    assert.equal(await ask(url), 'tls-error')
    assert.equal(await ask(url, { tls: { verify: true, ca: certificate } }), undefined)
    assert.equal(await ask(url, { tls: { verify: false } }), undefined)
  })

  test('the probe shows the certificate of the gateway, and asks for the name that the file gives', async t => {
    const { url, seen } = await startSecure(t, { requestCert: true, ca: certificate })
    assert.equal(
      await ask(url, { tls: { verify: true, ca: certificate, cert: certificate, key: privateKey, serverName: 'localhost' } }),
      undefined
    )
    assert.deepEqual(seen, [{ name: 'localhost', certified: true }])
  })

  test('white space around certificates and keys, as YAML may leave it, does no harm', async t => {
    const { url } = await startSecure(t, { requestCert: true, ca: certificate })
    const [ca, cert, key] = [certificate, certificate, privateKey].map(pem => `\n  ${pem}  \n`)
    assert.equal(await ask(url, { tls: { verify: true, ca: ca!, cert: cert!, key: key! } }), undefined)
  })
})

test('certificates that cannot be read fail the probe and not the process', async () => {
  assert.equal(typeof await ask('https://127.0.0.1:1', { tls: { verify: true, cert: 'nonsense', key: 'nonsense' } }), 'string')
})

test('a probe that is stopped closes its connection', async t => {
  const stopping = new AbortController()
  const closed = Promise.withResolvers<void>()
  const target = await startRawTarget(t, socket => {
    socket.on('close', () => closed.resolve())
    socket.resume()
    stopping.abort()
  })
  assert.equal(await ask(target.url, {}, stopping.signal), 'stopped')
  await closed.promise
})

test('probes leave nothing at the signal that stops them', async t => {
  const target = await startTarget(t)
  const { signal } = new AbortController()
  await ask(target.url, {}, signal)
  await tcpProbe({ origin: target.url, timeout: 5000, names: systemNames }, signal)
  assert.deepEqual(getEventListeners(signal, 'abort'), [])
})

test('the file may add fields, and ask for another host', async t => {
  const target = await startTarget(t)
  assert.equal(await ask(target.url, { host: 'users.internal', headers: { 'x-probe': 'yes', 'User-Agent': 'mine' } }), undefined)
  const { host, 'x-probe': own, 'user-agent': agent } = target.hits[0]!.headers
  assert.deepEqual([host, own, agent], ['users.internal', 'yes', 'mine'])
})

suite('a response must have the expected text', () => {
  const expecting = async (url: string) => await ask(url, { body: '"status":"UP"' })

  test('also when it comes in pieces', async t => {
    const target = await startRawTarget(t, socket => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"stat', () => setImmediate(() => socket.end('us":"UP"}')))
    })
    assert.equal(await expecting(target.url), undefined)
  })

  test('and fails without it', async t => {
    const target = await startTarget(t, (_request, response) => response.end('{"status":"DOWN"}'))
    assert.equal(await expecting(target.url), 'the expected text is not in the response')
  })

  test('and fails when it is cut behind it', async t => {
    const target = await startRawTarget(t, socket => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"status":"UP"}') })
    assert.equal(await expecting(target.url), 'response-cut')
  })

  test('and fails when it comes after more than is read', async t => {
    const target = await startTarget(t, (_request, response) => response.end(`${' '.repeat(70_000)}"status":"UP"`))
    assert.equal(await expecting(target.url), 'the expected text is not in the response')
  })
})

suite('a tcp probe', () => {
  const knock = async (
    origin: string,
    timeout = 5000,
    signal = new AbortController().signal
  ) => words((await tcpProbe({ origin, timeout, names: systemNames }, signal)).failure, timeout)

  test('passes when the connection is accepted, sends nothing and leaves none behind', async t => {
    const received: Buffer[] = []
    const closed = Promise.withResolvers<void>()
    const target = await startRawTarget(t, socket => {
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      socket.on('close', () => closed.resolve())
    })
    assert.equal(await knock(target.url), undefined)
    await closed.promise
    assert.deepEqual(received, [])
  })

  test('goes to the port of the scheme where the target names none', async t => {
    const ports: unknown[] = []
    t.mock.method(net, 'connect', ((options: net.TcpNetConnectOpts) => {
      ports.push(options.port)
      const socket = new net.Socket()
      setImmediate(() => socket.emit('connect'))
      return socket
    }) as never)
    syncBuiltinESMExports()
    t.after(() => {
      t.mock.restoreAll()
      syncBuiltinESMExports()
    })
    for (const origin of ['http://a.test', 'https://a.test', 'https://a.test:8443']) assert.equal(await knock(origin), undefined)
    assert.deepEqual(ports, [80, 443, 8443])
  })

  test('fails when it is refused', async () => {
    assert.equal(await knock(`http://127.0.0.1:${await freePort()}`), 'connection-refused')
  })

  test('takes an address of version 6 for an address, and looks up names alone', async () => {
    const looked: string[] = []
    const doubted: string[] = []
    const names = {
      lookup: ((
        name: string,
        _options: unknown,
        done: (error: null, addresses: { address: string, family: number }[]) => void
      ) => { looked.push(name); done(null, [{ address: '127.0.0.1', family: 4 }]) }) as unknown as typeof systemNames.lookup,
      doubt: (name: string) => { doubted.push(name) }
    }
    const signal = new AbortController().signal
    const port = await freePort()
    const ask = async (host: string) => words((await tcpProbe({ origin: `http://${host}:${port}`, timeout: 5000, names }, signal)).failure)
    assert.notEqual(await ask('[::1]'), undefined)
    assert.deepEqual(looked, [])
    assert.equal(await ask('name.test'), 'connection-refused')
    assert.deepEqual([looked, doubted.at(-1)], [['name.test'], 'name.test'])
  })

  test('fails when the connection takes longer than the timeout, and opens none after it', async t => {
    let connections = 0
    const target = await startRawTarget(t, () => { connections++ })
    let found = (): void => {}
    const names = {
      lookup: ((
        _name: string,
        _options: unknown,
        done: (error: null, addresses: { address: string, family: number }[]) => void
      ) => { found = () => done(null, [{ address: '127.0.0.1', family: 4 }]) }) as unknown as typeof systemNames.lookup,
      doubt () {}
    }
    const signal = new AbortController().signal
    assert.equal(
      words((await tcpProbe({ origin: `http://slow.test:${target.port}`, timeout: 20, names }, signal)).failure, 20),
      'no connection within 20ms'
    )
    found()
    // The listener takes connections in their order.
    assert.equal(await knock(target.url), undefined)
    while (connections === 0) await new Promise(setImmediate)
    assert.equal(connections, 1)
  })

  test('ends when it is stopped', async t => {
    const target = await startRawTarget(t, () => {})
    const stopping = new AbortController()
    const ended = knock(target.url, 5000, stopping.signal)
    stopping.abort()
    assert.equal(await ended, 'stopped')
  })
})
