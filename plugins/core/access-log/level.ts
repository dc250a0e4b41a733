/** At which level an exchange is logged. */

import type { Exchange } from '../../../src/index.ts'

export type AccessLevel = 'info' | 'warn' | 'error'

/** By who is responsible: a fault of the gateway or a plugin is an error, one of an upstream a warning, one of a client information. */
export function accessLevel ({ reason }: Exchange): AccessLevel {
  if (reason === undefined || reason.fault === 'client') return 'info'
  return reason.fault === 'upstream' ? 'warn' : 'error'
}
