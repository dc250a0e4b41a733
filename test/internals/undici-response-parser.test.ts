import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Client } from 'undici'
import { patchParser, unaskedContinue } from '../../src/internals/undici-response-parser.ts'
import { clientOf, dispatch, pair } from './sides.ts'

/** A client whose target sends the same response to every request, and what has become of its connections. */
async function patched (t: TestContext, response: string): Promise<{ client: Client, patches: boolean[] }> {
  const patches: boolean[] = []
  const client = await clientOf(t, socket => { socket.write(response) }, (socket, read) => { if (read) patches.push(patchParser(socket)) })
  return { client, patches }
}

test('undici 7.x: a socket that undici does not read has no parser', async t => {
  const [near] = await pair(t)
  assert.equal(patchParser(near), false)
})

test('undici 7.x: the parser of a socket has onHeadersComplete and onMessageComplete', async t => {
  const { client, patches } = await patched(t, 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na')
  assert.equal(await dispatch(client), undefined)
  assert.deepEqual(patches, [true])
})

test('undici 7.x: onHeadersComplete reads contentLength, which a 304 or 204 does not wait for', async t => {
  for (const status of ['304 Not Modified', '204 No Content']) {
    const { client, patches } = await patched(t, `HTTP/1.1 ${status}\r\ncontent-length: 5\r\n\r\n`)
    assert.deepEqual([await dispatch(client), await dispatch(client)], [undefined, undefined])
    assert.deepEqual(patches, [true])
  }
})

test('undici 7.x: onHeadersComplete takes the status, and another one in place of 100 is an interim response', async t => {
  const { client } = await patched(t, 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
  const statuses: number[] = []
  assert.equal(await dispatch(client, {}, { onResponseStart: (_controller, status) => { statuses.push(status) } }), undefined)
  assert.deepEqual(statuses, [unaskedContinue, 200])
})

test('undici 7.x: onMessageComplete reads headers, then those of trailers, and shouldKeepAlive', async t => {
  for (const [trailer, connections] of [['x-own', 1], ['proxy-connection', 2]] as const) {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
    const { client, patches } = await patched(t, `${head}1\r\na\r\n0\r\n${trailer}: 1\r\n\r\n`)
    assert.deepEqual([await dispatch(client), await dispatch(client)], [undefined, undefined])
    assert.equal(patches.length, connections)
  }
})
