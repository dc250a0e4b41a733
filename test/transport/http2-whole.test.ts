/** A body in front of trailers arrives whole at a reader of any pace, and so does one that is sent. */

import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { Http2Transport } from '../../src/transport/http2/http2-transport.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'
import { Chunks, get, Recorder } from './recorder.ts'

/** Sizes of chunks, around the sizes of frames and windows too. */
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.constantFrom(16_384, 65_535, 262_144)), { maxLength: 12 })

/** Reads pause after every how many chunks, and for how many event-loop ticks. */
const pace = fc.record({ every: fc.integer({ min: 1, max: 4 }), ticks: fc.integer({ min: 0, max: 3 }) })

async function ticks (count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(resolve => { setImmediate(resolve) })
}

test('a body arrives whole with its trailers, both ways, whatever its chunks and the pace of its reader', async t => {
  const heard: (readonly [body: Buffer, trailers: unknown])[] = []
  const server = createServer()
  server.on('stream', (stream: ServerHttp2Stream) => { void serve(stream) })
  let chunks: readonly Buffer[] = []
  async function serve (stream: ServerHttp2Stream): Promise<void> {
    const received: Buffer[] = []
    let trailers: unknown
    stream.on('trailers', fields => { trailers = fields['x-sum'] })
    stream.on('data', (chunk: Buffer) => received.push(chunk))
    await once(stream, 'end')
    heard.push([Buffer.concat(received), trailers])
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': String(chunks.length) }))
    for (const chunk of chunks) stream.write(chunk)
    stream.end()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { tls, connections } = upstreamConfig()
  const transport = new Http2Transport(
    { protocol: 'h2c', origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connect: 5000, connections, tls },
    { names: { lookup, doubt: () => {} }, load: new KeptLoad(), clock: { now: () => 0, wall: () => 0 } }
  )
  t.after(async () => {
    await transport.destroy()
    server.close()
  })

  await fc.assert(fc.asyncProperty(sizes, pace, async (lengths, { every, ticks: rest }) => {
    chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1))
    const whole = Buffer.concat(chunks)
    const recorder = new Recorder()
    let count = 0
    recorder.data = chunk => {
      recorder.chunks.push(chunk)
      if (++count % every !== 0) return
      recorder.transmission!.pause()
      void ticks(rest).then(() => recorder.transmission!.resume())
    }
    transport.send({ ...get, method: 'POST', body: new Chunks(chunks, ['x-sum', 'all']) }, recorder)
    await recorder.over.promise
    assert.deepEqual(recorder.heard, ['started', 'head 200', `end ${JSON.stringify({ 'x-sum': String(chunks.length) })}`])
    assert.equal(Buffer.compare(Buffer.concat(recorder.chunks), whole), 0)
    const [body, trailers] = heard.pop()!
    assert.deepEqual([Buffer.compare(body, whole), trailers], [0, 'all'])
  }), { numRuns: 60 })
})
