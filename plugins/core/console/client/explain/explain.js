/** The view that answers: what would the gateway do with a request, and why? */

import { html, useEffect, useRef, useState } from '../preact.js'
import { ask } from '../api.js'
import { now } from '../live.js'
import { Asking } from '../parts/asking.js'
import { keepInPlace, place } from '../place.js'
import { begin } from '../session.js'
import { Answer } from './answer.js'
import { formOf, linkOf, requestOf } from './form.js'
import { RequestForm } from './request-form.js'

/** @param {{ links: string[] }} props the views that there are */
export function Explain ({ links }) {
  const { query } = place.value
  const link = query.toString()
  const [form, setForm] = useState(() => formOf(query))
  const [answer, setAnswer] = useState({})
  const ownLink = useRef(undefined)
  const last = useRef(undefined)

  const rehearse = async asked => {
    last.current = asked
    const found = await answerTo(asked)
    if (last.current === asked) setAnswer(found)
  }
  // A link that was opened, and not written by the button.
  useEffect(() => {
    if (ownLink.current === link) return
    const asked = formOf(query)
    setForm(asked)
    setAnswer({})
    if (asked.url !== '') void rehearse(asked)
  }, [link])

  const submit = () => {
    keepInPlace(linkOf(form))
    ownLink.current = place.peek().query.toString()
    void rehearse(form)
  }

  const { problem, rehearsal } = answer
  const wrong = wrongOf(problem)
  return html`
    <${RequestForm} form=${form} wrong=${wrong} onChange=${part => setForm({ ...form, ...part })} onSubmit=${submit} />
    ${problem !== undefined && wrong === undefined && html`<div class="card"><${Asking} problem=${inWords(problem)} /></div>`}
    ${rehearsal !== undefined && html`<${Answer} answer=${answer} links=${links} again=${() => rehearse(answer.asked)} />`}`
}

/** What the gateway says of a form, and when. */
async function answerTo (asked) {
  try {
    return { asked, rehearsal: await ask('/explain', { method: 'POST', body: requestOf(asked) }), at: now.peek() }
  } catch (problem) {
    if (problem.status === 401) void begin()
    return { asked, problem }
  }
}

/** The control whose value the gateway refuses, and what it says of it. */
function wrongOf (problem) {
  const [, name, text] = problem?.status === 400 ? /^`(method|url|ip|header)` (.*)/.exec(problem.message) ?? [] : []
  return name === undefined ? undefined : { name, text: `It ${text}.` }
}

function inWords (problem) {
  return problem.status === 503
    ? { status: 503, message: 'Too many rehearsals wait. The gateway makes one at a time: explain again in a moment.' }
    : problem
}
