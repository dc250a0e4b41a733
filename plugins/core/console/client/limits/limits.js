/** The view that answers: who is limited, by what, and for how long? */

import { html, useEffect, useState } from '../preact.js'
import { now } from '../live.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Filter, fits } from '../parts/filter.js'
import { counted } from '../parts/format.js'
import { place } from '../place.js'
import { LimitedKeys } from './limited-keys.js'
import { Policies } from './policies.js'
import { withAnswer } from './recent-keys.js'
import { ResetDialog } from './reset-dialog.js'

/** Keys are limited for moments: asked as often as the live stream speaks. */
const every = 1000

export function Limits () {
  const { value: policies, problem, again } = useAsked('/limits', { every })
  const [recent, setRecent] = useState([])
  const [resetting, reset] = useState()
  useEffect(() => { if (policies !== undefined) setRecent(last => withAnswer(last, policies, now.peek())) }, [policies])
  // The route is there where the file has such a policy.
  if (problem?.status === 404) return html`<p class="card empty">The configuration has no rate-limiting policy in use.</p>`
  if (policies === undefined) return html`<${Asking} problem=${problem} />`
  const filter = place.value.query.get('filter') ?? ''
  const rows = recent.filter(({ policy, key, tier = '' }) => fits(filter, policy, key, tier))
  return html`
    <${Policies} policies=${policies} />
    <section class="card" aria-labelledby="limited-title">
      <h2 id="limited-title">Limited keys</h2>
      <div class="tools inside">
        <${Filter} name="filter" label="Policy or key" />
        <span class="count" role="status">${counted(rows.filter(({ limited }) => limited).length, 'key')} limited now</span>
      </div>
      <${LimitedKeys} rows=${rows} onReset=${reset} />
      <p class="hint">
        A key stays in the list for half a minute after it was limited. The gateway lists 100 at most, the longest wait first.
      </p>
    </section>
    ${resetting !== undefined && html`<${ResetDialog} row=${resetting} onClose=${() => { reset(undefined); again() }} />`}`
}
