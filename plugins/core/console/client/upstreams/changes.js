/** What an operator may change about a target: dialogs. */

import { html, useState } from '../preact.js'
import { ask, Refused } from '../api.js'
import { clockTime, counted } from '../parts/format.js'
import { ChangeDialog, Field } from '../parts/dialog.js'
import { announce } from '../parts/notice.js'

/** @param {{ kind: 'drain'|'undrain'|'open'|'close', row: object, onClose: () => void }} props */
export function ChangeOf ({ kind, ...props }) {
  return html`<${dialogs[kind]} ...${props} />`
}

const dialogs = { drain: Drain, undrain: Undrain, open: OpenBreaker, close: CloseBreaker }

function Drain ({ row: { upstream, url, active }, onClose }) {
  const [isLast, setLast] = useState(false)
  const drain = async ({ for: time, reason, force }) => {
    try {
      const { active: left, until } = await drainRoute('drain', { upstream, url, for: time, reason, force })
      announce(`${url} gets no new requests${untilWords(until)}; ${counted(left, 'attempt')} under way.`)
    } catch (error) {
      if (error.code !== 'conflict') throw error
      setLast(true)
      const detail = `Without ${url}, no target of ${upstream} is open. Open another one first, or tick the box.`
      throw new Refused(error.status, { detail })
    }
  }
  return html`
    <${ChangeDialog} title=${`Drain ${url}`} confirm="Drain" dangerous=${isLast} change=${drain} onClose=${onClose}>
      <p>New requests go to other targets of ${upstream}. ${active > 0 ? `${counted(active, 'attempt')} under way may end.` : ''}</p>
      <${Time} hint="Such as 30s, 10m or 2h; empty: until it is undrained." />
      <${Why} />
      ${isLast && html`
        <label class="check"><input type="checkbox" name="force" value="true" /> Drain it all the same: no target is left then</label>`}
    <//>`
}

function Undrain ({ row: { upstream, url }, onClose }) {
  const undrain = async ({ reason }) => {
    await drainRoute('undrain', { upstream, url, reason })
    announce(`${url} is no longer drained.`)
  }
  return html`
    <${ChangeDialog} title=${`Undrain ${url}`} confirm="Undrain" change=${undrain} onClose=${onClose}>
      <p>It gets requests again, little by little where ${upstream} has a slow start.</p>
      <${Why} />
    <//>`
}

function OpenBreaker ({ row: { upstream, url }, onClose }) {
  const open = async ({ for: time, reason }) => {
    const { openTargets, until } = await breakerRoute('open', { upstream, url, for: time, reason })
    const left = openTargets === 0 ? `no target of ${upstream} is` : `${counted(openTargets, 'target')} of ${upstream}`
    announce(`The breaker of ${url} is open${untilWords(until)}; ${left} open.`, openTargets === 0 ? 'warning' : 'good')
  }
  return html`
    <${ChangeDialog} title=${`Open the breaker of ${url}`} confirm="Open breaker" dangerous=${true} change=${open} onClose=${onClose}>
      <p>
        Requests go to other targets of ${upstream}, and get 503 where none is open. When the time is over, one request tries the target.
      </p>
      <${Time} hint="Such as 30s, 10m or 2h; 24h at most." value="10m" required=${true} />
      <${Why} />
    <//>`
}

function CloseBreaker ({ row: { upstream, url }, onClose }) {
  const close = async ({ reason }) => {
    await breakerRoute('closed', { upstream, url, reason })
    announce(`The breaker of ${url} is closed.`)
  }
  return html`
    <${ChangeDialog} title=${`Close the breaker of ${url}`} confirm="Close breaker" change=${close} onClose=${onClose}>
      <p>Requests go to the target at once, and the breaker counts failures from zero.</p>
      <${Why} />
    <//>`
}

function Time ({ hint, ...input }) {
  return html`<${Field} label="For how long" hint=${hint}><input name="for" autocomplete="off" ...${input} /><//>`
}

function Why () {
  return html`<${Field} label="Why (for the log)"><input name="reason" maxlength="200" autocomplete="off" /><//>`
}

function drainRoute (action, { upstream, url, ...others }) {
  return post(`/upstreams/${encodeURIComponent(upstream)}/${action}`, { target: url, ...others })
}

function breakerRoute (state, { url, ...others }) {
  return post('/breakers', { target: url, state, ...others })
}

/** Fields that are empty are left out. */
function post (path, parameters) {
  return ask(`${path}?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value))}`, { method: 'POST' })
}

function untilWords (until) {
  return until === undefined ? '' : ` until ${clockTime(Date.parse(until))}`
}
