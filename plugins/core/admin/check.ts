/** Checks whether the configured admin listener is safe. */

import type { Config, Report } from '../../../src/index.ts'
import { isLoopback } from './origin-check.ts'
import { tokenOf } from './tokens.ts'

/** Rejects an admin listener that has no token although others can reach it, or although it gives away what is in memory. */
export function checkAdmin ({ admin }: Config, report: Report): void {
  const [token, viewToken] = [tokenOf(admin.token), tokenOf(admin.viewToken)]
  checkToken('token', token, admin, report)
  checkToken('viewToken', viewToken, admin, report)
  if (viewToken !== undefined && token === undefined) {
    report({
      pointer: '/admin/viewToken',
      message: 'admin.viewToken needs admin.token: without it no client could change anything',
      hint: 'token: "${ADMIN_TOKEN}"'
    })
  }
  if (viewToken !== undefined && viewToken === token) {
    report({ pointer: '/admin/viewToken', message: 'is the same as admin.token, and would give the role operate: use another one' })
  }
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
  }
}

function checkToken (key: string, token: string | undefined, { enabled, host }: Config['admin'], report: Report): void {
  if (token === undefined) return
  const pointer = `/admin/${key}`
  if (/\s/.test(token)) report({ pointer, message: 'a bearer token has no white space in it' })
  if (enabled && !isLoopback(host) && token.length < 16) {
    report({ pointer, severity: 'warning', message: 'this token is short enough to be guessed: use at least 16 characters' })
  }
}
