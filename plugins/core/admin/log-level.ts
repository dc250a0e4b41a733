/** `PUT /log-level?level=debug`: which level is meant. */

import { GatewayError, type LogLevel, logLevels } from '../../../src/index.ts'

/** Reads the level of a query. @throws GatewayError `bad-request` when it is none. */
export function levelOf (query: unknown): LogLevel {
  const { level } = query as { readonly level?: unknown }
  const found = logLevels.find(one => one === level)
  if (found === undefined) throw new GatewayError('bad-request', { detail: `give ?level=, one of ${logLevels.join(', ')}` })
  return found
}
