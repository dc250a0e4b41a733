/** A name server for tests: UDP on loopback, with the zone that a test gives it. */

import { createSocket, type RemoteInfo } from 'node:dgram'
import type { TestContext } from 'node:test'

/** What is known of a name. */
export interface Zone {
  readonly a?: readonly string[]
  readonly aaaa?: readonly string[]
  readonly srv?: readonly { readonly name: string, readonly port: number, readonly weight?: number, readonly priority?: number }[]
  /** Seconds; 60 unless given. */
  readonly ttl?: number
}

export interface NameServer {
  /** `127.0.0.1:port` */
  readonly address: string
  /** Names and what they have; change it at will. */
  readonly zones: Map<string, Zone>
  /** Answers SERVFAIL while it is true. */
  failing: boolean
  /** Names, or domains, that are never answered. */
  readonly silent: Set<string>
  /** Questions so far, such as `A users.internal`. */
  readonly questions: readonly string[]
  /** Resolves when so many more questions have come. */
  asked (more: number): Promise<void>
}

const types: Readonly<Record<number, 'a' | 'aaaa' | 'srv'>> = { 1: 'a', 28: 'aaaa', 33: 'srv' }

/** Starts a name server that stops with the test. */
export async function startNameServer (t: Pick<TestContext, 'after'>, zones: Readonly<Record<string, Zone>>): Promise<NameServer> {
  const socket = createSocket('udp4')
  const questions: string[] = []
  const waiting = new Set<() => void>()
  const server = {
    address: '',
    zones: new Map(Object.entries(zones)),
    failing: false,
    silent: new Set<string>(),
    questions,
    async asked (more: number) {
      const until = questions.length + more
      await new Promise<void>(resolve => {
        const look = (): void => {
          if (questions.length < until) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    }
  }
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = question(query)
    questions.push(`${(types[type] ?? String(type)).toUpperCase()} ${name}`)
    if ([...server.silent].every(domain => name !== domain && !name.endsWith(`.${domain}`))) {
      socket.send(
        answer(query, end, server.failing ? undefined : server.zones.get(name), types[type], server.failing),
        from.port,
        from.address
      )
    }
    for (const look of waiting) look()
  })
  await new Promise<void>(resolve => { socket.bind(0, '127.0.0.1', resolve) })
  server.address = `127.0.0.1:${socket.address().port}`
  t.after(async () => await new Promise<void>(resolve => { socket.close(() => resolve()) }))
  return server
}

/** The one question of a query (RFC 1035 §4.1.2). */
function question (query: Buffer): { name: string, type: number, end: number } {
  const labels: string[] = []
  let at = 12
  while (query[at]! > 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!))
    at += query[at]! + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function answer (query: Buffer, end: number, zone: Zone | undefined, type: 'a' | 'aaaa' | 'srv' | undefined, failing: boolean): Buffer {
  const records = type === undefined || zone === undefined ? [] : recordsOf(zone, type)
  const head = Buffer.from(query.subarray(0, 12))
  // A response, recursion available; SERVFAIL, NXDOMAIN or no error.
  head.writeUInt16BE(0x8180 | (failing ? 2 : zone === undefined ? 3 : 0), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  const code = query.readUInt16BE(end - 4)
  return Buffer.concat([head, query.subarray(12, end), ...records.map(data => record(code, zone?.ttl ?? 60, data))])
}

function recordsOf (zone: Zone, type: 'a' | 'aaaa' | 'srv'): Buffer[] {
  if (type === 'a') return (zone.a ?? []).map(address => Buffer.from(address.split('.').map(Number)))
  // Only ::1 and the like: eight groups, none left out but the leading ones.
  if (type === 'aaaa') return (zone.aaaa ?? []).map(address => Buffer.from(address.replace('::', '').padStart(32, '0'), 'hex'))
  return (zone.srv ?? []).map(({ name, port, weight = 0, priority = 0 }) => {
    const numbers = Buffer.alloc(6)
    for (const [index, value] of [priority, weight, port].entries()) numbers.writeUInt16BE(value, index * 2)
    return Buffer.concat([
      numbers,
      ...name.split('.').map(label => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
      Buffer.from([0])
    ])
  })
}

/** A record about the name of the question. */
function record (type: number, ttl: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(ttl, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}
