/** Who looks: what the one in front of the page may do. */

import { computed, signal } from './preact.js'
import { ask } from './api.js'
import { connect, disconnect } from './live.js'

/**
 * `{ state: 'unknown' }` at first, `{ state: 'out' }` for one who must show a token, `{ state: 'in', role, by, until }` for one who may
 * look.
 */
export const session = signal({ state: 'unknown' })

/** Whether changes are allowed. */
export const mayOperate = computed(() => session.value.state === 'in' && session.value.role === 'operate')

/** Asks for the session, and starts the stream where the client may read it. */
export async function begin () {
  try {
    session.value = { state: 'in', ...await ask('/session') }
  } catch (error) {
    if (error.status === 401 || error.status === 403) return leave()
    // A gateway that cannot be reached now, or is shutting down: the stream tries again and comes back here.
  }
  connect(begin)
}

/** Shows a token. It is kept nowhere: what the browser keeps is the cookie of the session. @throws Refused, TypeError */
export async function login (token) {
  await ask('/login', { method: 'POST', body: { token } })
  await begin()
}

export async function logout () {
  await ask('/logout', { method: 'POST' }).catch(() => {})
  leave()
}

function leave () {
  disconnect()
  session.value = { state: 'out' }
}
