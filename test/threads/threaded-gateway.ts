/** A gateway with several threads in a process of its own, whose configuration has a version, and whose threads can be killed. */

import type { TestContext } from 'node:test'
import { launchGateway, type Line, type Running } from '../cli/running.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

/** Tells which thread responds, and dies when it is told to. */
const faults = `
export default async function (app) {
  const { number } = app.gateway.threads
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-thread', String(number))
    done()
    if (request.url === '/exit') process.exit(7)
    if (request.url === '/hang') for (;;);
    if (request.url === '/throw') setImmediate(() => { throw new Error('out of cheese') })
  })
}
`

/** Fails in the third thread. */
const partly = `
export default async function (app) {
  if (app.gateway.threads.number === 3) throw new Error('no third thread')
}
`

/** What became of a reload. */
interface Verdict {
  readonly ok: boolean
  readonly problems: readonly string[]
}

export interface ThreadedGateway extends Running {
  readonly proxy: string
  readonly admin: string
  readonly started: Line
  readonly target: TestTarget
  /** Reloads a configuration of this version. */
  readonly reload: (version: number, more?: string) => Promise<Verdict>
  /** The same for text that is no configuration at all. */
  readonly reloadText: (yaml: string) => Promise<Verdict>
  /** The sum of a metric, of all its labels. */
  readonly metric: (name: string) => Promise<number>
  /** Requests in progress at targets, as the admin listener tells. */
  readonly active: () => Promise<number>
}

/** The configuration of a version: request and response of `/service` carry it. */
export function versioned (target: string, threads: number, version: number, more = ''): string {
  return `server: { threads: ${threads}, silentThread: { after: 1s, replace: true } }
listeners: [{ host: 127.0.0.1, port: 0 }, { socket: gateway.sock }]
admin: { port: 0 }
accessLog: { enabled: false }
policies:
  faults: { plugin: ./faults.mjs }
upstreams:
  service: { targets: ["${target}"], balance: least-connections, circuitBreaker: {} }
${more}routes:
  - path: /*
    upstream: service
    policies: [faults]
    requestHeaders: { set: { x-version: "${version}" } }
    responseHeaders: { set: { x-response-version: "${version}" } }
`
}

/** Starts one, with a service that takes a moment and responds with the version that the request had. */
export async function startThreads (t: Pick<TestContext, 'after'>, threads: number): Promise<ThreadedGateway> {
  let turn = 0
  const target = await startTarget(t, (request, response) => {
    setTimeout(() => response.end(request.headers['x-version']), turn++ % 4)
  })
  const yaml = (version: number, more?: string): string => versioned(target.url, threads, version, more)
  const running = await launchGateway(t, yaml(1), { 'faults.mjs': faults, 'partly.mjs': partly })
  const { admin } = running
  const reloadText = async (text: string): Promise<Verdict> => {
    running.rewrite(text)
    return await (await fetch(`${admin}/reload`, { method: 'POST' })).json() as Verdict
  }
  return {
    ...running,
    target,
    reload: async (version, more) => await reloadText(yaml(version, more)),
    reloadText,
    async metric (name) {
      const page = await (await fetch(`${admin}/metrics`)).text()
      return page.split('\n').filter(line => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
    },
    async active () {
      const upstreams = await (await fetch(`${admin}/upstreams`)).json() as { targets: { active: number }[] }[]
      return upstreams.flatMap(({ targets }) => targets).reduce((sum, { active }) => sum + active, 0)
    }
  }
}
