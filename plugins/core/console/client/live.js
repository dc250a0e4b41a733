/** The live stream: one connection, and signals with what it says. */

import { batch, computed, signal } from './preact.js'
import { fromSnapshot, nothing, withDelta } from './live-state.js'

/** All that is known; each part below changes only when it has changed. */
const known = signal(nothing)

/** About the process: host, version, startedAt. */
export const about = computed(() => known.value.about)
/** Milliseconds since 1970 by the clock of the gateway. */
export const now = computed(() => known.value.now)
/** What /readyz?verbose says. */
export const gateway = computed(() => known.value.values.gateway)
/** What is wrong, worst first. */
export const problems = computed(() => known.value.values.problems)
/** Starts and reloads of the last five minutes. */
export const marks = computed(() => known.value.values.marks)
/** The seconds of the last five minutes in which a client watched. */
export const seconds = computed(() => known.value.seconds)

const none = {}
/**
 * Rows by id: `threads` and `threadTraffic` by number; `upstreams`, `targetTraffic`, `routes` and `policies` by name. Those with many rows
 * are there while a view {@link want}s them.
 */
export const table = name => computed(() => known.value.tables[name] ?? none)
/** Whether the rows of a table have come. */
export const isThere = name => computed(() => name in known.value.tables)

/** `connecting`, `live` or `lost`. */
export const connection = signal('connecting')
/** How old the data is, in whole seconds; 0 below two. */
export const age = signal(0)

const [shortestWait, longestWait] = [500, 10_000]

let source
let lost
let tables = ''
let retry
let ticker
let heardAt = 0
let wait = shortestWait

/** Opens the stream. `again` is called, after a while, when it was lost. */
export function connect (again) {
  close()
  lost = again
  source = new EventSource(`/live?tables=${tables}`)
  source.addEventListener('snapshot', ({ data }) => heard(fromSnapshot(JSON.parse(data))))
  source.addEventListener('delta', ({ data }) => heard(withDelta(known.value, JSON.parse(data))))
  source.onerror = () => {
    close()
    connection.value = 'lost'
    // The random part keeps the viewers of a gateway that has restarted from coming back all at once.
    retry = setTimeout(() => again(), wait * (0.75 + Math.random() / 2))
    wait = Math.min(wait * 2, longestWait)
  }
  ticker ??= setInterval(grow, 250)
}

/** Has these tables in the stream, and no others that have many rows. What is known stays until their rows come. */
export function want (names) {
  if (tables === names.join()) return
  tables = names.join()
  if (source !== undefined) connect(lost)
}

/** Closes the stream and forgets what it said. */
export function disconnect () {
  close()
  clearInterval(ticker)
  ticker = undefined
  batch(() => {
    known.value = nothing
    connection.value = 'connecting'
    age.value = 0
  })
}

function heard (state) {
  heardAt = performance.now()
  wait = shortestWait
  batch(() => {
    known.value = state
    connection.value = 'live'
    age.value = 0
  })
}

function grow () {
  const old = Math.floor((performance.now() - heardAt) / 1000)
  age.value = heardAt === 0 || old < 2 ? 0 : old
}

function close () {
  clearTimeout(retry)
  source?.close()
  source = undefined
}
