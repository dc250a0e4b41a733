/**
 * A client that reads strictly, leaves when it is told to, and asks for something else behind its response to
 * see that nothing comes in between.
 */

import { connect } from 'node:net'
import { Malformed, readAnswer, type Answer } from '../chaos/answer.ts'

export interface Asking {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly chunked: boolean
  /** The client goes when this resolves; undefined: it stays to the end. */
  readonly leaves: Promise<void> | 'with the head' | undefined
}

/** What came of a request. `cut`: the connection ended before the response was complete. */
export type Ending = {
  readonly how: 'answered',
  readonly answer: Answer
} | { readonly how: 'cut' | 'left' } | { readonly how: 'wrong', readonly why: string }

/** What the response to `/end` says, which the client asks for last. */
export const lastWord = 'the end'

/** Asks, and waits for what comes of it. */
export async function ask (url: string, { method, path, body, chunked, leaves }: Asking): Promise<Ending> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const closed = new Promise<void>(resolve => { socket.once('close', () => resolve()) })
  const { promise, resolve } = Promise.withResolvers<Ending>()
  let bytes = Buffer.alloc(0)
  let first: Answer | undefined
  const read = (): void => {
    if (leaves === 'with the head') return resolve({ how: 'left' })
    first ??= readAnswer(bytes, method)
    if (first === undefined) return
    if (!first.lasting) {
      return resolve(first.end === bytes.length ? { how: 'answered', answer: first } : {
        how: 'wrong',
        why: `bytes behind the last answer: ${bytes.toString('latin1', first.end)}`
      })
    }
    if (bytes.length === first.end) return void socket.write('GET /end HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n')
    const second = readAnswer(bytes, 'GET', first.end)
    if (second === undefined) return
    resolve(second.body.toString() === lastWord ? { how: 'answered', answer: first } : {
      how: 'wrong',
      why: `a second answer: ${bytes.toString('latin1', first.end)}`
    })
  }
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    try {
      read()
    } catch (error) {
      resolve({ how: 'wrong', why: error instanceof Malformed ? error.message : String(error) })
    }
  })
  socket.on('error', () => {})
  socket.once(
    'close',
    () => resolve(first === undefined ? { how: 'cut' } : { how: 'wrong', why: 'the connection was said to last and did not' })
  )
  const framing = body === '' ? '' : chunked ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${body.length}\r\n`
  const content = chunked && body !== '' ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: door\r\n${framing}\r\n${content}`)
  if (leaves instanceof Promise) void leaves.then(() => resolve({ how: 'left' }))
  const ending = await promise
  socket.destroy()
  await closed
  return ending
}
