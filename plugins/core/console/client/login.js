/** The login form. */

import { html, useEffect, useRef, useState } from './preact.js'
import { counted } from './parts/format.js'
import { login } from './session.js'

export function Login () {
  const [problem, setProblem] = useState()
  const [busy, setBusy] = useState(false)
  const field = useRef(null)
  useEffect(() => field.current.focus(), [])

  const submit = async event => {
    event.preventDefault()
    const token = field.current.value
    if (token === '') return setProblem('Enter the token first.')
    setBusy(true)
    try {
      await login(token)
    } catch (error) {
      setProblem(wordsFor(error))
      setBusy(false)
      field.current.value = ''
      field.current.focus()
    }
  }

  return html`
    <main class="login" id="main">
      <h1>Onedoor</h1>
      <form onSubmit=${submit} aria-describedby="login-problem">
        <label for="token">Token of the admin listener</label>
        <input id="token" ref=${field} type="password" autocomplete="current-password" aria-invalid=${problem !== undefined} />
        <p id="login-problem" class="problem" role="alert">${problem}</p>
        <button type="submit" disabled=${busy}>Log in</button>
      </form>
      <p class="hint">It is <code>admin.token</code> of the configuration, or <code>admin.viewToken</code> to look only.</p>
    </main>`
}

function wordsFor ({ after, message, status }) {
  if (status === 401) return 'This is not the token.'
  if (status === 429) return `Too many wrong tokens. Try again ${after === undefined ? 'later' : `in ${counted(after, 'second')}`}.`
  return status === undefined ? 'The gateway cannot be reached.' : message
}
