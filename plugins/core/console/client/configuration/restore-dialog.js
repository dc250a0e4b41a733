/** Makes an earlier configuration serve again. */

import { html } from '../preact.js'
import { ask } from '../api.js'
import { ChangeDialog, Field } from '../parts/dialog.js'
import { announce } from '../parts/notice.js'

/** @param {{ number: number, onClose: () => void }} props */
export function RestoreDialog ({ number, onClose }) {
  const restore = async ({ reason }) => {
    await ask(`/reloads/${number}/restore?${new URLSearchParams({ reason })}`, { method: 'POST' })
    announce(`Configuration ${number} serves again, until the file changes or is reloaded.`)
  }
  return html`
    <${ChangeDialog} title=${`Serve configuration ${number} again`} confirm="Serve it" change=${restore} onClose=${onClose}>
      <p>It serves at once, in all threads, and no request is lost. Secrets, certificates and plugins are those of now.</p>
      <p>This is temporary: the file is the truth, and takes over when it changes or is reloaded.</p>
      <${Field} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`
}
