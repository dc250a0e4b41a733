/** The form that asks for a request. */

import { html } from '../preact.js'
import { linesOf, secretsOf } from './form.js'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/**
 * @param {{ form: object, wrong?: { name: string, text: string }, onChange: (part: object) => void, onSubmit: () => void }} props
 * `wrong` is what the gateway says of the control of that name
 */
export function RequestForm ({ form, wrong, onChange, onSubmit }) {
  const { method, url, ip, headers } = form
  const submit = event => {
    event.preventDefault()
    onSubmit()
  }
  // Enter alone begins another line there.
  const submitByKey = event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event) }
  const control = name => ({
    'id': `explain-${name}`,
    name,
    'autocomplete': 'off',
    'autocapitalize': 'off',
    'spellcheck': false,
    'aria-invalid': wrong?.name === name ? 'true' : undefined,
    'aria-describedby': wrong?.name === name ? `explain-${name}-problem` : undefined
  })
  return html`
    <form class="card rehearsed" onSubmit=${submit}>
      <${Control} name="method" label="Method" wrong=${wrong}>
        <input ...${control('method')} class="mono" list="explain-methods" required value=${method}
          onInput=${({ currentTarget: { value } }) => onChange({ method: value.toUpperCase() })} />
        <datalist id="explain-methods">${methods.map(name => html`<option key=${name} value=${name} />`)}</datalist>
      <//>
      <${Control} name="url" label="Path or URL" wrong=${wrong}>
        <input ...${control('url')} class="mono" required placeholder="/users/1" value=${url}
          onInput=${({ currentTarget: { value } }) => onChange({ url: value })} />
      <//>
      <${Control} name="ip" label="Address of the client" wrong=${wrong}>
        <input ...${control('ip')} class="mono" placeholder="127.0.0.1" value=${ip}
          onInput=${({ currentTarget: { value } }) => onChange({ ip: value })} />
      <//>
      <button type="submit" class="primary">Explain</button>
      <${Control} name="header" label="Header fields, one a line" wrong=${wrong}>
        <textarea ...${control('header')} class="mono" rows=${Math.min(8, Math.max(2, linesOf(headers).length + 1))} value=${headers}
          placeholder="accept: application/json" onKeyDown=${submitByKey}
          onInput=${({ currentTarget: { value } }) => onChange({ headers: value })}></textarea>
      <//>
      <${Secrets} form=${form} onChange=${onChange} />
    </form>`
}

function Control ({ name, label, wrong, children }) {
  return html`
    <div class="field ${name}">
      <label for=${`explain-${name}`}>${label}</label>
      ${children}
      ${wrong?.name === name && html`<p class="problem" role="alert" id=${`explain-${name}-problem`}>${wrong.text}</p>`}
    </div>`
}

/** What the address of the page has of the credentials, and what a link that was opened has left out. */
function Secrets ({ form, onChange }) {
  const { leftOut, withSecrets } = form
  const names = secretsOf(form)
  if (names.length === 0 && leftOut === '') return null
  return html`
    <div class="secrets">
      ${names.length === 0 ? html`<p>The link leaves out: ${leftOut}. Enter it where it counts.</p>` : html`
        <p>${withSecrets
          ? `The address of this page has ${names.join(', ')}: who gets the link can use it.`
          : `Not in the address of this page: ${names.join(', ')}.`}</p>
        <label><input type="checkbox" checked=${withSecrets}
          onChange=${({ currentTarget: { checked } }) => onChange({ withSecrets: checked })} /> Put this into it all the same</label>`}
    </div>`
}
