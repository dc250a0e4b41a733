import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { keepReadable } from '../../src/internals/node-socket-writes.ts'
import { pair } from './sides.ts'

/** Lets every write of a socket fail as after the other side has gone. Others, such as standard output, write on. */
function breakWrites (t: TestContext, broken: Socket): void {
  for (const name of ['_write', '_writev'] as const) {
    const original = Socket.prototype[name] as (...args: unknown[]) => void
    t.mock.method(Socket.prototype, name as '_write', function (this: Socket, ...args: unknown[]) {
      if (this === broken) (args.at(-1) as (error: Error) => void)(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      else original.apply(this, args)
    })
  }
}

const writes: readonly ((socket: Socket) => void)[] = [
  socket => { socket.write(Buffer.from('body')) },
  socket => {
    socket.cork()
    socket.write(Buffer.from('a'))
    socket.write(Buffer.from('b'))
    socket.uncork()
  }
]

test('node 24: a socket writes by its own _write and _writev, and is still read when a failed write is not called back', async t => {
  for (const write of writes) {
    const [near, far] = await pair(t)
    breakWrites(t, near)
    keepReadable(near)
    write(near)
    far.end('early')
    const [bytes] = await once(near, 'data') as [Buffer]
    assert.equal(String(bytes), 'early')
    assert.equal(near.errored, null)
  }
})

test('node 24: a failed write that is called back destroys the socket, and so does that of a string', async t => {
  const [plain] = await pair(t)
  breakWrites(t, plain)
  const failed = once(plain, 'error')
  plain.write(Buffer.from('body'))
  await failed
  const [near] = await pair(t)
  breakWrites(t, near)
  keepReadable(near)
  const error = once(near, 'error')
  near.write('head')
  await error
  assert.ok(plain.destroyed && near.destroyed)
})
