/** A dialog that asks what a change needs, and makes it. */

import { html, useEffect, useId, useRef, useState } from '../preact.js'
import { wordsOf } from './asking.js'

/**
 * It is open while it is there. A change that is refused says why and stays; one that was made closes it.
 *
 * @param {{ title: string, confirm: string, dangerous?: boolean, change: (fields: Record<string, string>) => Promise<unknown>,
 *   onClose: () => void, children: unknown }} props
 * `confirm` is the word on the button; `fields` are the values of the controls by their names
 */
export function ChangeDialog ({ title, confirm, dangerous = false, change, onClose, children }) {
  const [problem, setProblem] = useState()
  const [busy, setBusy] = useState(false)
  const dialog = useRef(null)
  const id = useId()
  useEffect(() => dialog.current.showModal(), [])

  const submit = async event => {
    event.preventDefault()
    setBusy(true)
    try {
      await change(Object.fromEntries(new FormData(event.currentTarget)))
      dialog.current.close()
    } catch (error) {
      setProblem(wordsOf(error))
      setBusy(false)
    }
  }

  return html`
    <dialog ref=${dialog} aria-labelledby=${id} onClose=${onClose}>
      <form onSubmit=${submit}>
        <h2 id=${id}>${title}</h2>
        ${children}
        <p class="problem" role="alert">${problem}</p>
        <div class="buttons">
          <button type="button" onClick=${() => dialog.current.close()}>Cancel</button>
          <button type="submit" class=${dangerous ? 'primary dangerous' : 'primary'} disabled=${busy}>${confirm}</button>
        </div>
      </form>
    </dialog>`
}

/** A control with its label. @param {{ label: string, hint?: string, children: unknown }} props */
export function Field ({ label, hint, children }) {
  return html`<label class="field"><span>${label}</span>${children}${hint && html`<small>${hint}</small>`}</label>`
}
