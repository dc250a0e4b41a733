/** The header of the PROXY protocol is read strictly, in pieces of any size, and bounded. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readProxyHeader } from '../../src/http/proxy-protocol.ts'

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** A header of version 2. */
function binary (command: number, family: number, following: Buffer, length = following.length): Buffer {
  const fixed = Buffer.from([command, family, length >> 8, length & 0xff])
  return Buffer.concat([signature, fixed, following])
}

const v4 = Buffer.from([192, 0, 2, 1, 198, 51, 100, 2, 0xdd, 0xd5, 0x01, 0xbb])
const v6 = Buffer.concat([Buffer.from('20010db8000000000000000000000001', 'hex'), Buffer.alloc(16), Buffer.from([0, 80, 1, 187])])
const tlv = Buffer.from([0x04, 0, 3, 1, 2, 3])

for (const [what, bytes, source] of [
  ['TCP4', Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.2 56789 443\r\n'), { address: '192.0.2.1', port: 56_789 }],
  ['TCP6', Buffer.from('PROXY TCP6 2001:db8::1 ::1 80 443\r\n'), { address: '2001:db8::1', port: 80 }],
  ['the longest line', Buffer.from(`PROXY UNKNOWN ${'f'.repeat(91)}\r\n`), undefined],
  ['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  ['IPv4 in version 2', binary(0x21, 0x11, v4), { address: '192.0.2.1', port: 56_789 }],
  ['IPv4 in version 2 with more', binary(0x21, 0x11, Buffer.concat([v4, tlv])), { address: '192.0.2.1', port: 56_789 }],
  [
    'IPv4 in version 2 with as much as is held',
    binary(0x21, 0x11, Buffer.concat([v4, Buffer.alloc(4084)])),
    { address: '192.0.2.1', port: 56_789 }
  ],
  ['IPv6 in version 2', binary(0x21, 0x21, v6), { address: '2001:db8::1', port: 80 }],
  ['LOCAL', binary(0x20, 0x00, Buffer.alloc(0)), undefined],
  ['LOCAL with addresses', binary(0x20, 0x11, v4), undefined],
  ['an unspecified family', binary(0x21, 0x00, tlv), undefined],
  ['a Unix socket', binary(0x21, 0x31, Buffer.alloc(216)), undefined]
] as const) {
  test(`${what} is read, whatever follows and however it is cut`, () => {
    assert.deepEqual(readProxyHeader(bytes), { length: bytes.length, source })
    assert.deepEqual(readProxyHeader(Buffer.concat([bytes, Buffer.from('GET / HTTP/1.1\r\n\r\n')])), { length: bytes.length, source })
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(readProxyHeader(bytes.subarray(0, length)), 'more', `${length} bytes`)
    }
  })
}

for (const [what, bytes] of [
  ['a request', 'GET / HTTP/1.1\r\n\r\n'],
  ['small letters', 'proxy TCP4 192.0.2.1 198.51.100.2 1 2\r\n'],
  ['another family', 'PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n'],
  ['IPv6 as TCP4', 'PROXY TCP4 2001:db8::1 ::1 1 2\r\n'],
  ['IPv4 as TCP6', 'PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n'],
  ['an address that is none', 'PROXY TCP4 192.0.2.256 198.51.100.2 1 2\r\n'],
  ['an address with zeros in front', 'PROXY TCP4 192.0.2.01 198.51.100.2 1 2\r\n'],
  ['two spaces', 'PROXY TCP4  192.0.2.1 198.51.100.2 1 2\r\n'],
  ['a tab', 'PROXY TCP4\t192.0.2.1 198.51.100.2 1 2\r\n'],
  ['a port too large', 'PROXY TCP4 192.0.2.1 198.51.100.2 65536 2\r\n'],
  ['a port with a zero in front', 'PROXY TCP4 192.0.2.1 198.51.100.2 01 2\r\n'],
  ['no port', 'PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n'],
  ['one word more', 'PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n'],
  ['nothing', 'PROXY \r\n'],
  ['UNKNOWN as part of a word', 'PROXY UNKNOWNS\r\n'],
  ['a line without end', `PROXY UNKNOWN ${'f'.repeat(100)}`],
  ['a line that is as long as may be and has no end', `PROXY UNKNOWN ${'f'.repeat(93)}`],
  ['version 1 in version 2', binary(0x11, 0x11, v4).toString('latin1')],
  ['another command', binary(0x22, 0x11, v4).toString('latin1')],
  ['datagrams', binary(0x21, 0x12, v4).toString('latin1')],
  ['datagrams of the machine itself', binary(0x21, 0x32, Buffer.alloc(216)).toString('latin1')],
  ['an address that is too short', binary(0x21, 0x11, v4.subarray(0, 11)).toString('latin1')],
  ['an IPv6 address that is too short', binary(0x21, 0x21, v6.subarray(0, 35)).toString('latin1')],
  ['more than is held', binary(0x21, 0x11, Buffer.alloc(0), 4097).toString('latin1')]
] as const) {
  test(`${what} is no header`, () => assert.equal(readProxyHeader(Buffer.from(bytes, 'latin1')), 'bad'))
}

test('an address of version 2 is an address of version 1', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(65_535), (address, port) => {
    const read = readProxyHeader(binary(
      0x21,
      0x21,
      Buffer.concat([address, Buffer.alloc(16), Buffer.from([port >> 8, port & 0xff, 0, 0])])
    ))
    assert.ok(typeof read === 'object' && read.source !== undefined)
    const line = readProxyHeader(Buffer.from(`PROXY TCP6 ${read.source.address} ::1 ${port} 1\r\n`))
    assert.deepEqual(typeof line === 'object' && line.source, read.source)
  }))
})

test('no bytes throw, and none are held for ever', () => {
  fc.assert(fc.property(fc.constantFrom(
    Buffer.from('PROXY '),
    signature,
    Buffer.alloc(0)
  ), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
    const read = readProxyHeader(Buffer.concat([start, rest, Buffer.alloc(4200)]))
    assert.notEqual(read, 'more')
  }))
})
