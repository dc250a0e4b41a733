/** Five minutes as lines. */

import { computed, html } from '../preact.js'
import { Chart } from '../parts/chart.js'
import { clockTime, figure, milliseconds } from '../parts/format.js'
import { marks, now, seconds } from '../live.js'

const times = computed(() => seconds.value.map(({ second }) => second))
const lineOf = (label, colour, pick, more = {}) => ({ label, colour, values: computed(() => seconds.value.map(pick)), ...more })

const charts = [
  {
    title: 'Requests',
    unit: 'per second',
    format: figure,
    lines: [lineOf('requests', '--accent', ({ requests }) => requests, { filled: true })]
  },
  {
    title: 'Errors',
    unit: 'per second, by fault',
    format: figure,
    lines: [
      lineOf('gateway', '--critical', ({ errors }) => errors.gateway),
      lineOf('upstream', '--warning', ({ errors }) => errors.upstream, { dash: [6, 3] }),
      lineOf('client', '--muted', ({ errors }) => errors.client, { dash: [2, 3] })
    ]
  },
  {
    title: 'Duration',
    unit: 'percentiles',
    format: milliseconds,
    lines: [
      lineOf('99th', '--accent-3', ({ p99 }) => p99, { dash: [2, 3] }),
      lineOf('95th', '--accent-2', ({ p95 }) => p95, { dash: [6, 3] }),
      lineOf('median', '--accent', ({ p50 }) => p50)
    ]
  },
  {
    title: 'Event-loop delay',
    unit: 'of the slowest thread',
    format: milliseconds,
    lines: [lineOf('delay', '--accent', ({ loopDelay }) => loopDelay, { filled: true })]
  }
]

export function Charts () {
  return html`
    <section class="charts" aria-label="The last five minutes">
      ${charts.map(chart => html`<${Chart} key=${chart.title} ...${chart} times=${times} marks=${marks} now=${now} />`)}
    </section>
    <${Marks} />`
}

const words = { started: 'started', reloaded: 'took over', refused: 'refused a reload' }

/** What the vertical lines are, and why there may be nothing before the first look. */
function Marks () {
  const all = marks.value ?? []
  return html`
    ${all.length > 0 && html`
      <ul class="marks" aria-label="Starts and reloads of the last five minutes">
        ${all.slice(-6).toReversed().map(mark => html`<${Mark} key=${mark.time} ...${mark} />`)}
      </ul>`}
    ${seconds.value.length < 240 && html`
      <p class="hint">Figures are collected while a client watches: the lines begin with the first look.</p>`}`
}

function Mark ({ time, type, generation, trigger, by }) {
  return html`
    <li class=${type}>
      <time dateTime=${new Date(time).toISOString()}>${clockTime(time)}</time> generation ${generation} ${words[type]}
      ${trigger !== undefined && ` (${trigger}${by === undefined ? '' : ` by ${by}`})`}
    </li>`
}
