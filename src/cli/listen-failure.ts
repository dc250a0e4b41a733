/** Explains why a listener could not be opened, with the line of the configuration. */

import type { Gateway } from '../gateway/gateway.ts'
import { listenerName, listenerPointer } from '../config/listeners.ts'
import type { Loaded } from '../config/load.ts'
import { listenFailureOf } from '../listeners/listen-problem.ts'
import { pathFrom } from './problems.ts'

/** Returns a readable message; undefined when the error is not one of a listener. */
export function listenFailure (error: unknown, gateway: Gateway, cwd: string): string | undefined {
  const { port, address } = error as NodeJS.ErrnoException & { readonly port?: number, readonly address?: string }
  const why = listenFailureOf(error)
  if (why === undefined) return undefined
  const { loaded } = gateway
  const pointer = pointerOf(loaded, port, address)
  const place = loaded.document.locate(pointer)
  const where = place === undefined ? '' : ` (${pathFrom(cwd, place.file)}:${place.line})`
  const key = pointer.slice(1).replace(/\/(\d+)/g, '[$1]').replaceAll('/', '.')
  return `cannot listen on ${placeOf(loaded, pointer, port, address)}: ${why} — change ${key}${where} or free ` +
    `${port === -1 ? 'it' : 'the port'}`
}

/** Where the file names the listener of an error of Node: `address` is the path of a Unix socket where `port` is -1. */
function pointerOf ({ config: { listeners, admin }, document }: Loaded, port: number | undefined, address: string | undefined): string {
  const index = listeners.findIndex(listener => listener.socket === undefined ? listener.port === port : listener.socket === address)
  if (index === -1 && admin.enabled) return '/admin/port'
  const pointer = listenerPointer(document, Math.max(0, index))
  return pointer.startsWith('/listeners') && listeners[index]?.port !== undefined ? `${pointer}/port` : pointer
}

/** The address as text; that of the configuration where the error does not say it. */
function placeOf ({ config }: Loaded, pointer: string, port: number | undefined, address: string | undefined): string {
  if (port === -1) return address!
  const { host, port: wanted } = pointer === '/admin/port' ? config.admin : config.listeners[0]!
  return address === undefined || port === undefined ? listenerName({ host: host!, port: wanted! }) : `${address}:${port}`
}
