/** Gives a key all its units back. */

import { html } from '../preact.js'
import { ask } from '../api.js'
import { counted } from '../parts/format.js'
import { ChangeDialog, Field } from '../parts/dialog.js'
import { announce } from '../parts/notice.js'

/** @param {{ row: { policy: string, key: string }, onClose: () => void }} props */
export function ResetDialog ({ row: { policy, key }, onClose }) {
  const reset = async ({ reason }) => {
    const { reset: keys } = await ask(`/limits/reset?${new URLSearchParams({ policy, key, reason })}`, { method: 'POST' })
    announce(`${counted(keys, 'key')} of ${policy} reset.`)
  }
  return html`
    <${ChangeDialog} title=${`Reset ${key} of ${policy}`} confirm="Reset" change=${reset} onClose=${onClose}>
      <p>All units of the limit are available again, in all threads and at once.</p>
      <${Field} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`
}
