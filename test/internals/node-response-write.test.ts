import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { replaceWrite, writeOriginal } from '../../src/internals/node-response-write.ts'
import { listen } from './sides.ts'

test('node 24: what streams into a response calls write of the object, and end with the last chunk does not', async t => {
  const written: string[] = []
  const note = function (this: ServerResponse, ...args: [chunk: string | Uint8Array, encoding: BufferEncoding]): boolean {
    written.push(String(args[0]))
    return writeOriginal(this, args)
  }
  const port = await listen(t, createServer(({ url }, response) => {
    replaceWrite(response, note)
    if (url === '/whole') response.end('whole')
    else Readable.from([Buffer.from('some'), Buffer.from('text')]).pipe(response)
  }))
  const read = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
    return await response.text()
  }
  assert.equal(await read('/whole'), 'whole')
  assert.deepEqual(written, [])
  assert.equal(await read('/piped'), 'sometext')
  assert.deepEqual(written, ['some', 'text'])
})
