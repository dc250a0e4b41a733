/** Long chunks go out whole, and their memory goes with them. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { Writable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import type { Ownership } from '../../src/contract/response.ts'
import { writeChunk } from '../../src/http/write-chunk.ts'

const kibi = 1024

/** A chunk as a socket gives it: the end of its own memory. */
function chunkOf (length: number, offset = 0): Buffer {
  return Buffer.from(new ArrayBuffer(offset + length), offset, length).fill('x')
}

async function write (chunk: Buffer, ownership: Ownership = 'given'): Promise<number> {
  let written = 0
  const stream = new Writable({ write (bytes: Buffer, _encoding, done) { written = bytes.length; done() } })
  writeChunk(stream, chunk, ownership)
  stream.end()
  await once(stream, 'finish')
  return written
}

test('a long chunk that ends its memory is written whole and its memory is free afterwards', async () => {
  for (const chunk of [chunkOf(64 * kibi - 200, 200), chunkOf(16 * kibi)]) {
    const { length } = chunk
    assert.equal(await write(chunk), length)
    assert.deepEqual([chunk.length, chunk.buffer.byteLength], [0, 0])
  }
})

test('memory that may still be read is not freed: short chunks, pieces of a pool, chunks with something behind them', async () => {
  const pool = new ArrayBuffer(Buffer.poolSize)
  for (const chunk of [
    chunkOf(kibi),
    Buffer.from(pool, Buffer.poolSize - 20 * kibi, 20 * kibi),
    chunkOf(64 * kibi).subarray(0, 60 * kibi),
    Buffer.from(new SharedArrayBuffer(64 * kibi))
  ]) {
    const { length } = chunk
    assert.equal(await write(chunk), length)
    assert.equal(chunk.length, length)
  }
})

test('a borrowed chunk keeps its memory', async () => {
  const chunk = chunkOf(64 * kibi)
  assert.equal(await write(chunk, 'borrowed'), 64 * kibi)
  assert.equal(chunk.length, 64 * kibi)
})

test('a chunk that could not be written keeps its memory', async () => {
  const chunk = chunkOf(64 * kibi)
  const stream = new Writable({ write (_bytes, _encoding, done) { done(new Error('gone')) } })
  const failed = once(stream, 'error')
  writeChunk(stream, chunk, 'given')
  await failed
  assert.equal(chunk.length, 64 * kibi)
})

async function pairOfSockets (t: TestContext): Promise<[Socket, Socket]> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [near] = await accepted
  t.after(() => {
    client.destroy()
    near.destroy()
    server.close()
  })
  return [near, client]
}

test('a reader that is slow gets every byte, however much waits for it', async t => {
  const [near, client] = await pairOfSockets(t)
  client.pause()
  const marks = Array.from({ length: 400 }, (_, index) => index & 0xff)
  for (const mark of marks) writeChunk(near, chunkOf(64 * kibi).fill(mark), 'given')
  near.end()
  let at = 0
  client.on('data', (bytes: Buffer) => {
    for (let i = 0; i < bytes.length; i += kibi) assert.equal(bytes[i], marks[Math.floor((at + i) / (64 * kibi))])
    at += bytes.length
  })
  await once(client.resume(), 'end')
  assert.equal(at, marks.length * 64 * kibi)
})
