/** Lines over the last five minutes, with vertical lines where the gateway started or reloaded, and the same in words. */

import { effect, html, useEffect, useRef, useSignal } from '../preact.js'
import uPlot from 'uplot'

/** How much time is shown, in seconds. */
const span = 300

const height = 150

/**
 * @param {{ title: string, unit: string, format: (value: number | null) => string, times: object, marks: object, now: object,
 *   lines: { label: string, colour: string, values: object, dash?: number[], filled?: boolean }[] }} props
 * `times`, `marks`, `now` and `values` are signals; colours are names of CSS variables
 */
export function Chart ({ title, unit, format, lines, times, marks, now }) {
  const place = useRef(null)
  const pointed = useSignal(null)
  useEffect(() => {
    const plot = new uPlot(optionsOf({ format, lines, marks, now, point: index => { pointed.value = index } }), undefined, place.current)
    const stop = effect(() => plot.setData([times.value, ...lines.map(({ values }) => values.value)]))
    const sized = new ResizeObserver(([{ contentRect: { width } }]) => plot.setSize({ width: Math.floor(width), height }))
    sized.observe(place.current)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => plot.redraw()
    scheme.addEventListener('change', redraw)
    return () => {
      stop()
      sized.disconnect()
      scheme.removeEventListener('change', redraw)
      plot.destroy()
    }
  }, [])

  const at = pointed.value ?? times.value.length - 1
  return html`
    <figure>
      <figcaption>
        <strong>${title}</strong> <span class="unit">${unit}</span>
        <span class="legend" aria-hidden="true">
          ${lines.map(({ label, colour, values }) => html`
            <span key=${label}><i class=${`line ${colour.slice(2)}`}></i>${label} <b>${format(values.value[at] ?? null)}</b></span>`)}
        </span>
      </figcaption>
      <div ref=${place} class="plot" role="img" aria-label=${twin(title, lines, format)}></div>
    </figure>`
}

/** What the picture shows, for those who do not see it. */
function twin (title, lines, format) {
  const words = lines.map(({ label, values }) => {
    const known = values.value.filter(value => value !== null && value !== undefined)
    if (known.length === 0) return `${label}: no figures yet`
    return `${label}: ${format(known.at(-1))} now, from ${format(Math.min(...known))} to ${format(Math.max(...known))}`
  })
  return `${title} in the last five minutes. ${words.join('; ')}.`
}

function optionsOf ({ format, lines, marks, now, point }) {
  const axis = { stroke: () => colourOf('--muted'), font: '11px system-ui, sans-serif', ticks: { show: false } }
  return {
    width: 300,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false }, sync: { key: 'console' }, points: { size: 5 } },
    scales: {
      x: { range: () => [now.peek() / 1000 - span, now.peek() / 1000] },
      // Never a line that looks high because nothing happens.
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.15 : 1] }
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        // Labels have no seconds.
        incrs: [60, 120, 300],
        space: 56,
        size: 24,
        values: (_plot, ticks) => ticks.map(clockOf)
      },
      {
        ...axis,
        grid: { stroke: () => colourOf('--line'), width: 1 },
        size: 52,
        space: 32,
        values: (_plot, ticks) => ticks.map(tick => format(tick))
      }
    ],
    series: [{}, ...lines.map(({ label, colour, dash, filled }) => ({
      label,
      dash,
      width: 1.5,
      points: { show: false },
      stroke: () => colourOf(colour),
      ...filled === true ? { fill: () => colourOf(`${colour}-soft`) } : {}
    }))],
    hooks: {
      draw: [plot => drawMarks(plot, marks.peek() ?? [])],
      setCursor: [({ cursor: { idx } }) => point(idx ?? null)]
    }
  }
}

function drawMarks ({ ctx, bbox, valToPos }, marks) {
  for (const { time, type } of marks) {
    const x = Math.round(valToPos(time / 1000, 'x', true))
    if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue
    ctx.save()
    ctx.strokeStyle = ctx.fillStyle = colourOf(type === 'refused' ? '--warning' : '--muted')
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([4, 4])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    const size = 5 * devicePixelRatio
    ctx.beginPath()
    ctx.moveTo(x - size, bbox.top)
    ctx.lineTo(x + size, bbox.top)
    ctx.lineTo(x, bbox.top + size * 1.4)
    ctx.fill()
    ctx.restore()
  }
}

function colourOf (name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function clockOf (second) {
  return new Date(second * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}
