/** Explains why a listener could not be opened, with the line of the configuration. */

import type { Gateway } from '../gateway/gateway.ts'
import { pathFrom } from './problems.ts'

const whys: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  EACCES: 'this user may not use that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the name cannot be resolved'
}

/** Returns a readable message; undefined when the error is not one of a listener. */
export function listenFailure (error: unknown, gateway: Gateway, cwd: string): string | undefined {
  const { code = '', syscall, port, address } = error as NodeJS.ErrnoException & { readonly port?: number, readonly address?: string }
  const why = whys[code]
  if (why === undefined || (syscall !== 'listen' && syscall !== 'getaddrinfo')) return undefined
  const { config, document } = gateway.loaded
  const key = port === config.admin.port && port !== config.server.port ? 'admin' : 'server'
  const { host, port: wanted } = config[key]
  const place = document.locate(`/${key}/port`)
  const where = place === undefined ? '' : ` (${pathFrom(cwd, place.file)}:${place.line})`
  return `cannot listen on ${address ?? host}:${port ?? wanted}: ${why} — change ${key}.port${where} or free the port`
}
