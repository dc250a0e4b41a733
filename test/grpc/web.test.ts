/** gRPC-Web: web pages call services over HTTP/1.1, in binary or as text, and read status and trailers from the body. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { readBase64 } from '../../plugins/core/grpc-web/web-body.ts'
import { writeFrame } from '../../src/http/grpc/frames.ts'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { binary, startService, type TestService } from './service.ts'

const origin = 'https://shop.example'

async function start (t: TestContext): Promise<{ readonly gateway: TestGateway, readonly service: TestService }> {
  const service = await startService(t)
  const gateway = await startGateway(t, `
upstreams: { orders: { targets: ['${service.url}'], protocol: h2c } }
policies:
  browsers: { plugin: cors, origins: [${origin}] }
  login: { plugin: jwt-auth, secret: a-secret-of-thirty-two-characters, algorithms: [HS256] }
routes:
  - { grpc: shop.Orders/*, upstream: orders, policies: [browsers] }
  - { grpc: shop.Orders/Fail, upstream: orders, policies: [browsers, login] }
`)
  return { gateway, service }
}

interface Frame { readonly flags: number, readonly data: string }

/** The frames of a body. */
function framesOf (body: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at < body.length;) {
    const length = body.readUInt32BE(at + 1)
    frames.push({ flags: body[at]!, data: body.subarray(at + 5, at + 5 + length).toString('latin1') })
    at += 5 + length
  }
  return frames
}

async function call (gateway: TestGateway, method: string, message: Buffer, form: 'web' | 'web-text' = 'web'): Promise<Answer> {
  const body = writeFrame(message)
  return await send(gateway.url, `/shop.Orders/${method}`, {
    method: 'POST',
    headers: { 'content-type': `application/grpc-${form}+proto`, 'x-grpc-web': '1', origin },
    body: form === 'web' ? body : body.toString('base64')
  })
}

test('a page calls in binary: messages are frames, and the trailers are the last one', async t => {
  const { gateway, service } = await start(t)
  const answer = await call(gateway, 'Echo', Buffer.from('hello'))
  assert.equal(answer.headers['content-type'], 'application/grpc-web+proto')
  assert.equal(answer.headers['x-first'], 'yes')
  const [message, trailers, ...more] = framesOf(answer.body)
  assert.deepEqual([message, more], [{ flags: 0, data: 'hello' }, []])
  assert.equal(trailers!.flags, 0x80)
  assert.deepEqual(trailers!.data.split('\r\n').toSorted(), [
    '', 'grpc-message: OK', 'grpc-status: 0', `x-last-bin: ${binary.toString('base64')}`, 'x-last: yes'
  ])
  assert.equal(service.seen()!.get('x-grpc-web').length, 0)
})

test('a page calls as text, and reads many messages in base64', async t => {
  const { gateway } = await start(t)
  const asked = Buffer.alloc(8)
  asked.writeUInt32BE(5, 0)
  asked.writeUInt32BE(1000, 4)
  const answer = await call(gateway, 'List', asked, 'web-text')
  assert.equal(answer.headers['content-type'], 'application/grpc-web-text+proto')
  const frames = framesOf(readBase64(answer.body)!)
  assert.deepEqual(frames.map(({ flags, data }) => [flags, data.length]).slice(0, 5), Array.from({ length: 5 }, () => [0, 1000]))
  assert.match(frames[5]!.data, /^grpc-status: 0\r$/m)
})

test('a body that is not in base64 is an error of the client, and reaches no target', async t => {
  const { gateway, service } = await start(t)
  const answer = await send(gateway.url, '/shop.Orders/Echo', {
    method: 'POST', headers: { 'content-type': 'application/grpc-web-text' }, body: 'not base64!'
  })
  assert.deepEqual([answer.headers['grpc-status'], answer.headers['grpc-message']], ['3', 'the body is not in base64'])
  assert.equal(service.calls.Echo, 0)
})

test('a status without messages is among the header fields, and a page may read it', async t => {
  const { gateway, service } = await start(t)
  service.fail(5)
  const missing = await call(gateway, 'Echo', Buffer.from('x'))
  const refused = await call(gateway, 'Fail', Buffer.from([5]))
  assert.deepEqual([missing.headers['grpc-status'], missing.headers['grpc-message']], ['5', 'not%20now'])
  assert.deepEqual([refused.status, refused.headers['grpc-status'], refused.headers['grpc-message']], [200, '16', 'missing token'])
  for (const { headers } of [missing, refused]) {
    assert.equal(headers['access-control-allow-origin'], origin)
    assert.match(String(headers['access-control-expose-headers']), /grpc-status, grpc-message/)
    assert.match(String(headers['content-type']), /^application\/grpc-web\+proto$/)
  }
})

test('a preflight of a call is answered, though it does not say which media type the call has', async t => {
  const { gateway } = await start(t)
  const answer = await send(gateway.url, '/shop.Orders/Echo', {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-grpc-web' }
  })
  assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [204, origin])
  assert.equal(answer.headers['access-control-allow-headers'], 'content-type,x-grpc-web')
})

test('base64 may come in padded pieces', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1 })), pieces => {
    const text = pieces.map(piece => Buffer.from(piece).toString('base64')).join('')
    assert.deepEqual(readBase64(Buffer.from(text)), Buffer.concat(pieces))
  }))
  for (const text of ['a', 'ab', 'abc', 'a===', '====', 'ab=c', 'abcd=', 'ab==c', 'ab d']) {
    assert.equal(readBase64(Buffer.from(text)), undefined, text)
  }
})
