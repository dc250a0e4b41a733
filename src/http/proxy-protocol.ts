/**
 * Reads the PROXY protocol header, versions 1 and 2 (haproxy.org/download/2.9/doc/proxy-protocol.txt).
 */

import { isIPv4, isIPv6 } from 'node:net'

export interface ProxyHeader {
  /** Length of the header in bytes. What follows comes from the client. */
  readonly length: number
  /** Undefined for the load balancer's own connections (health checks), and for clients without an IP address. */
  readonly source: { readonly address: string, readonly port: number } | undefined
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const word = Buffer.from('PROXY ', 'latin1')

/** Longest line of version 1, with its end. */
const longestLine = 107

/**
 * Bytes of version 2 before the addresses, and the most bytes that may follow. Load balancers send a few
 * hundred, certificates included.
 */
const fixedLength = 16
const mostFollowing = 4096

/** Reads the header that a connection begins with: `more` while it may still become one, `bad` when it cannot. */
export function readProxyHeader (bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  if (beginsLike(bytes, signature)) return readBinary(bytes)
  return beginsLike(bytes, word) ? readLine(bytes) : 'bad'
}

function beginsLike (bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

function readLine (bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  const end = bytes.subarray(0, longestLine).indexOf('\r\n')
  if (end === -1) return bytes.length < longestLine ? 'more' : 'bad'
  const line = bytes.toString('latin1', 0, end)
  const length = end + 2
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { length, source: undefined }
  const [, family, address, to, port, toPort, more] = line.split(' ')
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined
  if (
    isAddress === undefined || more !== undefined || !isAddress(address ?? '') || !isAddress(to ?? '') ||
    !isPort(port) || !isPort(toPort)
  ) return 'bad'
  return { length, source: { address: address!, port: Number(port) } }
}

function isPort (text: string | undefined): boolean {
  return text !== undefined && /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535
}

function readBinary (bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  if (bytes.length < fixedLength) return 'more'
  const command = bytes[12]!
  const following = bytes.readUInt16BE(14)
  if ((command !== 0x20 && command !== 0x21) || following > mostFollowing) return 'bad'
  const length = fixedLength + following
  if (bytes.length < length) return 'more'
  if (command === 0x20) return { length, source: undefined }
  const family = bytes[13]!
  // Unspecified, or a Unix socket: there is no address that could replace that of the load balancer.
  if (family === 0x00 || family === 0x31) return { length, source: undefined }
  if (family === 0x11 && following >= 12) {
    return { length, source: { address: bytes.subarray(16, 20).join('.'), port: bytes.readUInt16BE(24) } }
  }
  if (family === 0x21 && following >= 36) {
    return { length, source: { address: addressOf(bytes.subarray(16, 32)), port: bytes.readUInt16BE(48) } }
  }
  return 'bad'
}

/** An IPv6 address in its usual spelling. */
function addressOf (bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  // The URL parser shortens the address.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
