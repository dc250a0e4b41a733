import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dispatchBody, StreamBody } from '../../src/internals/undici-stream-body.ts'
import { clientOf, dispatch } from './sides.ts'

class Body extends StreamBody {
  readonly calls: string[] = []

  resume (): this {
    if (!this.calls.includes('resume')) {
      setImmediate(() => {
        this.emit('data', Buffer.from('some'))
        this.emit('data', Buffer.from('text'))
        this.emit('end')
      })
    }
    this.calls.push('resume')
    return this
  }

  pause (): this {
    this.calls.push('pause')
    return this
  }

  destroy (): this {
    this.calls.push('destroy')
    return this
  }
}

const post = { method: 'POST', headers: ['content-length', '8'] } as const

test('undici 7.x: an object with pipe and on is a body, read by resume and its events', async t => {
  let received = ''
  const client = await clientOf(t, (socket, bytes) => {
    received += bytes.toString('latin1')
    if (received.endsWith('sometext')) socket.write('HTTP/1.1 204 No Content\r\n\r\n')
  })
  const body = new Body()
  assert.equal(await dispatch(client, { ...post, headers: [...post.headers], body: dispatchBody(body) }), undefined)
  assert.match(received, /content-length: 8\r\n/i)
  assert.equal(body.calls[0], 'resume')
})

test('undici 7.x: such a body is destroyed when the attempt fails', async t => {
  const client = await clientOf(t, socket => { socket.destroy() })
  const body = new Body()
  const error = await dispatch(client, { ...post, headers: [...post.headers], body: dispatchBody(body) })
  assert.ok(error instanceof Error)
  assert.ok(body.calls.includes('destroy'))
})
