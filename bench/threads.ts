/** `node bench/threads.ts`: a hundred reloads and twenty deaths of threads under load, and the end; four threads unless told otherwise. */

import { parseArgs } from 'node:util'
import { askThread, load, type LoadFigures } from '../test/threads/under-load.ts'
import { startThreads, type ThreadedGateway } from '../test/threads/threaded-gateway.ts'

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '4' },
    reloads: { type: 'string', default: '100' },
    deaths: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' }
  }
})
const threads = Number(values.threads)
const connections = Number(values.connections)

/** Responses between two events. */
const between = 50

/** More deaths of one thread in a minute are the last ones; see src/threads/restarts.ts. */
const deathsAMinute = 5

const ends: (() => unknown)[] = []
const gateway = await startThreads({ after: (end: () => unknown) => { ends.push(end) } }, threads)
try {
  await reloads(gateway)
  await deaths(gateway)
  await end(gateway)
} finally {
  for (const end of ends.toReversed()) await end()
}

async function reloads ({ proxy, reload, reloadText, active }: ThreadedGateway): Promise<void> {
  const clients = load(proxy, connections)
  await clients.more(between)
  let refused = 0
  const durations: number[] = []
  for (let version = 2; version < 2 + Number(values.reloads); version++) {
    // One in ten is broken, and one in ten fails in one thread.
    if (version % 10 === 3) refused += (await reloadText('routes: [')).ok ? 0 : 1
    if (version % 10 === 6) refused += (await reload(version, 'plugins: [./partly.mjs]\n')).ok ? 0 : 1
    const from = performance.now()
    const { ok, problems } = await reload(version)
    durations.push(performance.now() - from)
    if (!ok) throw new Error(problems.join('\n'))
    await clients.more(between)
  }
  await clients.stop()
  const middle = durations.toSorted((one, other) => one - other)[durations.length >> 1]!
  console.log(`${durations.length} reloads, ${refused} refused; ${textOf(clients.figures)}; one takes ${Math.round(middle)} ms; ` +
    `${await active()} still counted`)
}

async function deaths ({ proxy, line, metric, active }: ThreadedGateway): Promise<void> {
  const clients = load(proxy, connections)
  await clients.more(between)
  let [requests, backwards, foreign] = [await metric('gateway_requests_total'), 0, 0]
  const count = Math.min(Number(values.deaths), threads * deathsAMinute)
  for (let death = 0; death < count; death++) {
    const thread = death % threads + 1
    const before = clients.figures.losses.length
    await askThread(proxy, '/exit', thread).catch(() => {})
    await line('a thread was replaced')
    await clients.more(between)
    const lost = clients.figures.losses.slice(before)
    foreign += lost.filter(loss => loss.thread !== undefined && loss.thread !== String(thread)).length
    const now = await metric('gateway_requests_total')
    if (now < requests) backwards++
    requests = now
  }
  await clients.stop()
  console.log(`${count} deaths; ${textOf(clients.figures)}, of them ${foreign} on connections of other threads; ` +
    `${backwards} times a metric went back; ${await active()} still counted`)
}

async function end ({ proxy, child, ended, target }: ThreadedGateway): Promise<void> {
  const before = target.hits.length
  const clients = load(proxy, connections)
  await clients.more(between)
  child.kill('SIGTERM')
  const [status] = await ended
  await clients.stop()
  const unanswered = target.hits.length - before - clients.figures.answered
  console.log(`SIGTERM: status ${status}, ${unanswered} requests that reached the service were not answered`)
}

function textOf ({ answered, mixed, outdated, statuses, losses }: LoadFigures): string {
  const unaccepted = losses.filter(({ thread }) => thread === undefined).length
  return `${answered} requests, ${losses.length} lost (${unaccepted} on connections without a response so far), ` +
    `${mixed} of two configurations, ${outdated} of an old one, ${statuses.length} other statuses`
}
