import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import type { Exchange } from '../../src/contract/exchange.ts'
import { bytesSent, countStreamed } from '../../plugins/core/access-log/body-counter.ts'
import { exchangeKey } from '../../src/exchange/exchange.ts'

const response = (
  statusCode: number,
  method = 'GET',
  writableFinished = true
): ServerResponse => ({ req: { method }, statusCode, writableFinished }) as unknown as ServerResponse

test('the length that is declared counts where a body was sent in one piece, and only then', () => {
  for (const [given, streamed, declared, sent] of [
    [response(200), 0, '7', 7],
    [response(200), 5, '7', 5],
    [response(200), 0, undefined, 0],
    [response(200, 'GET', false), 0, '7', 0],
    [response(200, 'HEAD'), 0, '7', 0],
    [response(204), 0, '7', 0],
    [response(304), 0, '7', 0]
  ] as const) assert.equal(bytesSent(given, streamed, declared), sent)
})

test('what is streamed is counted in bytes, text in its encoding', () => {
  const exchange = { bytesOut: 0 } as Exchange
  const written: unknown[] = []
  class Response {
    readonly req = { [exchangeKey]: exchange }
    write (...args: unknown[]): boolean {
      written.push(args)
      return true
    }
  }
  const answer = new Response() as unknown as ServerResponse
  countStreamed(answer)
  const parts = [['\u00e9', 'utf8'], ['\u00e9', 'latin1'], [Buffer.from('abc')]] as const
  for (const [chunk, encoding] of parts) answer.write(chunk, encoding as BufferEncoding)
  assert.equal(exchange.bytesOut, 6)
  assert.equal(written.length, 3)
})
