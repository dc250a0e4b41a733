/** The listeners of a configuration: those of `listeners`, or the one of `server.host` and `server.port`. */

import { resolve } from 'node:path'
import { checkTls } from './certificates/check-tls.ts'
import { withTlsPaths } from './certificates/paths.ts'
import { networkProblem } from '../http/client-address.ts'
import type { Document } from './read/document.ts'
import type { Report } from '../contract/plugin.ts'
import { checkHttp2 } from './http2.ts'
import { child } from './pointer.ts'
import type { ListenerConfig } from './schema/listener-schema.ts'
import type { Config } from './types.ts'

/** The address of listeners that name none. */
const everywhere = '0.0.0.0'

/** Where a listener listens: a host and a port, which threads may share, or the path of a Unix socket. */
export type ListenerPlace = { readonly host: string, readonly port: number, readonly reusePort?: boolean } | {
  readonly socket: string,
  readonly mode: number | undefined
}

/** A listener of a checked configuration. */
export interface NamedListener {
  /** Its identity over reloads, such as `0.0.0.0:8080`: also its label in logs and metrics. */
  readonly name: string
  readonly place: ListenerPlace
  readonly config: ListenerConfig
}

/**
 * The listeners of a checked configuration, in its order.
 * @param first where the first one listens, instead of what the configuration says
 */
export function listenersOf ({ listeners }: Config, first: { readonly host?: string, readonly port?: number } = {}): NamedListener[] {
  const names = new Map<string, number>()
  return listeners.map((config, index) => {
    const at = index === 0 && config.socket === undefined ? { ...config, ...first } : config
    const plain = listenerName(at)
    // Several may listen on any free port.
    const times = (names.get(plain) ?? 0) + 1
    names.set(plain, times)
    return { name: times === 1 ? plain : `${plain}#${times}`, place: placeOf(at), config }
  })
}

function placeOf ({ host = everywhere, port, socket, mode }: ListenerConfig): ListenerPlace {
  return socket === undefined ? { host, port: port! } : { socket, mode: mode === undefined ? undefined : Number.parseInt(mode, 8) }
}

/** The address of a listener as text: `host:port`, or `unix:` and the path. */
export function listenerName ({ host = everywhere, port, socket }: Pick<ListenerConfig, 'host' | 'port' | 'socket'>): string {
  return socket === undefined ? `${host.includes(':') ? `[${host}]` : host}:${port!}` : `unix:${socket}`
}

/** The port of https to which a listener redirects; undefined where it serves its requests, or no listener has TLS. */
export function redirectPortOf ({ redirectToHttps = false }: ListenerConfig, { listeners }: Config): number | undefined {
  return redirectToHttps === true ? listeners.find(hasTls)?.port : redirectToHttps || undefined
}

/** Where the file says where a listener listens. */
export function listenerPointer (document: Document, index: number): string {
  return (Object(document.value) as { listeners?: unknown }).listeners === undefined ? '/server/port' : child('/listeners', index)
}

/**
 * Adds the listener that `server.host` and `server.port` stand for, where the file has no `listeners`, and makes paths absolute.
 * @param folder to which paths are relative
 */
export function fillListeners (config: Config, folder: string): void {
  const { server: { host, port }, listeners } = config
  const filled = listeners.length === 0 ? [{ host, port }] : listeners.map(listener => withPaths(listener, folder))
  ;(config as { listeners: readonly ListenerConfig[] }).listeners = filled
}

function withPaths ({ socket, tls, ...others }: ListenerConfig, folder: string): ListenerConfig {
  return {
    ...others,
    ...socket === undefined ? {} : { socket: resolve(folder, socket) },
    ...tls === undefined ? {} : { tls: withTlsPaths(tls, folder) }
  }
}

/** What listeners are checked with. */
export interface ListenerCheck {
  /** To which paths are relative. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly report: Report
}

/**
 * Checks that each listener has one address, and that no two have the same.
 * @param server the keys of `server` that the file has
 */
export function checkListeners ({ listeners }: Config, server: unknown, { folder, now, report }: ListenerCheck): void {
  if (listeners.length === 0) return
  for (const key of ['host', 'port']) {
    if (Object(server)[key] === undefined) continue
    report({ severity: 'warning', pointer: `/server/${key}`, at: 'key', message: 'has no effect: `listeners` says where to listen' })
  }
  const names = new Set<string>()
  for (const [index, listener] of listeners.entries()) {
    const pointer = child('/listeners', index)
    checkPlace(listener, pointer, names, report)
    checkHttp2(listener, pointer, report)
    checkRedirect(listener, listeners, child(pointer, 'redirectToHttps'), report)
    if (listener.tls !== undefined) checkTls(listener.tls, { folder, now, report, pointer: child(pointer, 'tls') })
    for (const [place, text] of (listener.proxyProtocol ?? []).entries()) {
      const message = networkProblem(text)
      if (message !== undefined) report({ pointer: child(child(pointer, 'proxyProtocol'), place), message })
    }
  }
}

function checkPlace (listener: ListenerConfig, pointer: string, names: Set<string>, report: Report): void {
  const { port, socket, host, mode } = listener
  if (port === undefined && socket === undefined) {
    report({ pointer, message: 'missing key "port"', hint: 'or "socket" for a Unix socket' })
    return
  }
  if (socket !== undefined && (port !== undefined || host !== undefined)) {
    report({
      pointer: child(pointer, port === undefined ? 'host' : 'port'),
      at: 'key',
      message: 'a listener has a port or a socket, not both'
    })
    return
  }
  if (mode !== undefined && socket === undefined) {
    report({ pointer: child(pointer, 'mode'), at: 'key', message: 'only a Unix socket has permissions' })
  }
  const name = listenerName(listener)
  if (names.has(name) && port !== 0) {
    report({ pointer: child(pointer, socket === undefined ? 'port' : 'socket'), message: `two listeners for ${name}` })
  }
  names.add(name)
}

function checkRedirect (listener: ListenerConfig, all: readonly ListenerConfig[], pointer: string, report: Report): void {
  const { redirectToHttps = false } = listener
  if (redirectToHttps === false) return
  if (hasTls(listener)) report({ pointer, at: 'key', message: 'this listener has `tls`: its requests are https already' })
  else if (redirectToHttps === true && !all.some(other => hasTls(other) && other.port !== undefined)) {
    report({ pointer, message: 'no listener has a port and `tls`', hint: 'give the port of https that clients use, such as 443' })
  }
}

function hasTls (listener: ListenerConfig): boolean {
  return listener.tls !== undefined
}
