/** What is around every view: the header with the state of the gateway, the navigation, and the login form. */

import { html, useEffect, useRef } from './preact.js'
import { counted, lasting } from './parts/format.js'
import { about, age, connection, gateway, now, table, want } from './live.js'
import { Login } from './login.js'
import { linkTo, place } from './place.js'
import { logout, session } from './session.js'
import { Notice } from './parts/notice.js'
import { StateWord } from './parts/state-word.js'
import { views } from './views.js'

const threads = table('threads')

/** The views that a view may link to. */
const names = views.map(({ name }) => name)

export function Shell () {
  const { state } = session.value
  if (state === 'out') return html`<${Login} />`
  const view = views.find(({ name }) => name === place.value.view) ?? views[0]
  const item = view.items === true ? place.value.item : ''
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <${Name} />
      <${Facts} />
      <${Who} />
    </header>
    <${Navigation} current=${view.name} />
    <${Freshness} />
    <${Main} view=${view} item=${item} key=${`${view.name}/${item}`} />
    <${Notice} />`
}

/** The fragment of the URL is the place in the console, so that the link moves the focus itself. */
function skip (event) {
  event.preventDefault()
  document.getElementById('main').focus()
}

function Name () {
  const { host } = about.value ?? {}
  useEffect(() => { document.title = host === undefined ? 'Onedoor' : `${host} · Onedoor` }, [host])
  return html`<p class="name"><strong>Onedoor</strong> ${host}</p>`
}

function Facts () {
  const { startedAt, version } = about.value ?? {}
  const { generation } = gateway.value ?? {}
  const serving = Object.keys(threads.value).length
  return html`
    <dl class="facts">
      <div><dt>State</dt><dd><${GatewayState} /></dd></div>
      ${generation !== undefined && html`<div><dt>Generation</dt><dd>${generation}</dd></div>`}
      ${startedAt !== undefined && html`<div><dt>Uptime</dt><dd>${lasting(now.value - startedAt)}</dd></div>`}
      ${generation !== undefined && html`<div><dt>Threads</dt><dd>${Math.max(1, serving)}</dd></div>`}
      ${version !== undefined && html`<div class="minor"><dt>Version</dt><dd>${version}</dd></div>`}
    </dl>`
}

function GatewayState () {
  const { status, lastReload } = gateway.value ?? {}
  if (connection.value === 'lost') return html`<${StateWord} kind="critical">not reached<//>`
  if (status === undefined) return html`<${StateWord} kind="off">connecting<//>`
  if (status !== 'ready') return html`<${StateWord} kind="warning">${status}<//>`
  if (lastReload?.ok === false) return html`<${StateWord} kind="warning">serving, last reload refused<//>`
  return html`<${StateWord} kind="good">serving<//>`
}

function Who () {
  const { by, role } = session.value
  if (role === undefined) return null
  return html`
    <p class="who">
      <span title="What you may do here">${role === 'operate' ? 'may operate' : 'may look'}</span>
      ${by === 'session' && html`<button type="button" class="quiet" onClick=${logout}>Log out</button>`}
    </p>`
}

function Navigation ({ current }) {
  const element = useRef(null)
  // On a narrow page the names of all views have no room side by side. `scrollIntoView` would move what Tab starts from.
  useEffect(() => {
    const { offsetLeft, offsetWidth } = element.current.querySelector('[aria-current]')
    element.current.scrollLeft = offsetLeft - (element.current.clientWidth - offsetWidth) / 2
  }, [current])
  return html`
    <nav aria-label="Views" ref=${element}>
      <ul>
        ${views.map(({ name, title }) => html`
          <li key=${name}><a href=${linkTo(name)} aria-current=${name === current ? 'page' : undefined}>${title}</a></li>`)}
      </ul>
    </nav>`
}

/** Says how old the figures are when no new ones arrive. */
function Freshness () {
  const old = age.value
  const lost = connection.value === 'lost'
  return html`
    <div role="status" class="freshness">
      ${(old > 0 || lost) && html`<p class="stale">
        <${StateWord} kind="warning">${lost ? 'No connection to the gateway; trying again.' : 'The gateway is silent.'}<//>
        ${old > 0 && html` <span aria-hidden="true">The data is ${counted(old, 'second')} old.</span>`}
      </p>`}
    </div>`
}

/** Takes the focus when the place changes, so that a keyboard and a screen reader go on from there. */
function Main ({ view: { name, title, View, tables = [] }, item }) {
  const element = useRef(null)
  useEffect(() => {
    want(tables)
    scrollTo(0, 0)
    if (document.activeElement !== document.body) element.current?.focus({ preventScroll: true })
  }, [])
  return html`
    <main id="main" tabindex="-1" ref=${element} class=${age.value > 0 ? 'old' : undefined}>
      <h1>${item === '' ? title : html`<a href=${linkTo(name)}>${title}</a> <span class="item">${item}</span>`}</h1>
      <${View} links=${names} item=${item} />
    </main>`
}
