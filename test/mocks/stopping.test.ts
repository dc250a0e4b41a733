import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { users } from '../../mocks/users.ts'
import { started } from './started.ts'

suite('the end of a stand-in service', () => {
  test('a stop ends a stream, answers a slow request at once and closes idle connections', async t => {
    const service = await started(t, users)
    const stream = await fetch(`${service.url}/stream?ms=3600000`)
    await fetch(`${service.url}/users`).then(response => response.text())
    const outgoing = request(`${service.url}/slow?ms=3600000`).end()
    while (service.hits < 3) await new Promise(setImmediate)
    const answered = once(outgoing, 'response')
    await service.close()
    assert.match(await stream.text(), /^id: 1\n/)
    const [response] = await answered as [IncomingMessage]
    assert.equal(response.statusCode, 200)
    response.resume()
    await assert.rejects(fetch(`${service.url}/users`))
  })

  test('a stop does not wait for a client that never finishes its request', async t => {
    const service = await started(t, users)
    const { hostname, port } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    t.after(() => socket.destroy())
    const gone = once(socket, 'close')
    socket.resume().on('error', () => {}).write('POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{')
    while (service.hits < 1) await new Promise(setImmediate)
    await service.close()
    await gone
  })

  test('a client that leaves in the middle of a stream leaves nothing running', async t => {
    const lines: string[] = []
    const service = await started(t, users, { log: line => lines.push(line) })
    const controller = new AbortController()
    const response = await fetch(`${service.url}/stream?ms=3600000`, { signal: controller.signal })
    controller.abort()
    await assert.rejects(response.text())
    while (lines.length === 0) await new Promise(setImmediate)
    assert.equal((JSON.parse(lines[0] ?? '') as { complete: boolean }).complete, false)
    assert.equal((await fetch(`${service.url}/users`)).status, 200)
  })

  test('closing twice is closing once', async t => {
    const service = await started(t, users)
    await Promise.all([service.close(), service.close()])
    await service.close()
  })

  test('a port that is taken rejects the start', async t => {
    const service = await started(t, users)
    await assert.rejects(users({ port: Number(new URL(service.url).port) }), { code: 'EADDRINUSE' })
  })
})
