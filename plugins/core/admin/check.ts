/** Checks whether the configured admin listener is safe. */

import type { Config, Report } from '../../../src/index.ts'
import { isLoopback, tokenOf } from './guard.ts'

/** Rejects an admin listener that has no token although others can reach it, or although it gives away what is in memory. */
export function checkAdmin ({ admin }: Config, report: Report): void {
  const token = tokenOf(admin)
  if (token !== undefined && /\s/.test(token)) report({ pointer: '/admin/token', message: 'a bearer token has no white space in it' })
  if (admin.enabled && admin.debug && token === undefined) {
    report({
      pointer: '/admin/debug',
      message: 'profiles contain what is in memory, such as keys and passwords: admin.debug needs admin.token',
      hint: 'token: "${ADMIN_TOKEN}"'
    })
  }
  if (!admin.enabled || isLoopback(admin.host)) return
  if (token === undefined) {
    report({
      pointer: '/admin/host',
      message: `an admin listener on ${admin.host} can be reached by others and needs admin.token`,
      hint: 'token: "${ADMIN_TOKEN}"'
    })
  } else if (token.length < 16) {
    report({
      pointer: '/admin/token',
      severity: 'warning',
      message: 'this token is short enough to be guessed: use at least 16 characters'
    })
  }
}
