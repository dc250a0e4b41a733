import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type ServerHttp2Stream } from 'node:http2'
import { test } from 'node:test'
import { isCut, watchEnd } from '../../src/internals/node-http2-end.ts'
import { listen } from './sides.ts'

const ways: readonly { readonly what: string, readonly respond: (stream: ServerHttp2Stream) => void, readonly cut: boolean }[] = [
  { what: 'the end of the data', respond: stream => stream.end('b'), cut: false },
  { what: 'trailers', respond: stream => stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' })).end('b'), cut: false },
  { what: 'a reset without an error', respond: stream => stream.destroy(), cut: true }
]

for (const { what, respond, cut } of ways) {
  test(`node 24: ${what} ${cut ? 'ends a stream although it is not complete' : 'ends a stream that is complete'}`, async t => {
    const server = createServer()
    server.on('stream', stream => {
      stream.respond({}, { waitForTrailers: what === 'trailers' })
      stream.write('a', () => respond(stream))
    })
    const session = connect(`http://127.0.0.1:${await listen(t, server)}`)
    t.after(() => session.destroy())
    const stream = session.request({ ':path': '/' })
    watchEnd(stream)
    stream.resume()
    await once(stream, 'end')
    assert.equal(isCut(stream), cut)
  })
}
