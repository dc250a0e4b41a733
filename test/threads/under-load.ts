/** Clients that load a gateway over connections that last, and compare what each response tells with what others have been told. */

import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

/** What went wrong with a request that got no complete response. */
export interface Loss {
  /** The thread that served its connection; undefined for a connection that had no response yet. */
  readonly thread: string | undefined
  readonly error: string
}

/** What has happened under a load so far. */
export interface LoadFigures {
  answered: number
  /** Responses that two configurations had a part in. */
  mixed: number
  /** Responses of a configuration that is older than one which any client had seen before the request. */
  outdated: number
  /** Statuses other than 200. */
  readonly statuses: string[]
  readonly losses: Loss[]
  /** Numbers of the threads that have responded. */
  readonly threads: Set<string>
}

/** A load that goes on until it is stopped. */
export interface Load {
  readonly figures: LoadFigures
  /** Resolves when so many further responses have come. */
  more (responses: number): Promise<void>
  /** Lets the requests finish that have begun. */
  stop (): Promise<void>
}

/** Begins a load of so many connections. The responses have the fields `x-request-version`, `x-response-version` and `x-thread`. */
export function load (url: string, connections: number): Load {
  const figures: LoadFigures = { answered: 0, mixed: 0, outdated: 0, statuses: [], losses: [], threads: new Set() }
  const waiting: { readonly from: number, readonly resolve: () => void }[] = []
  let stopped = false
  let newest = 0

  const serve = async (): Promise<void> => {
    let agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let thread: string | undefined
    while (!stopped) {
      const seen = newest
      try {
        const response = await ask(`${url}/service`, agent)
        thread = one(response, 'x-thread')
        const version = Number(one(response, 'x-response-version'))
        if (response.statusCode !== 200) figures.statuses.push(`${response.statusCode}: ${await text(response)}`)
        else if (await text(response) !== String(version)) figures.mixed++
        if (version < seen) figures.outdated++
        newest = Math.max(newest, version)
        if (thread !== undefined) figures.threads.add(thread)
        figures.answered++
        if (response.headers.connection === 'close') thread = undefined
        for (const { from, resolve } of waiting) if (figures.answered >= from) resolve()
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if (code === 'ECONNREFUSED') break
        figures.losses.push({ thread, error: code ?? message })
        thread = undefined
        agent.destroy()
        agent = new Agent({ keepAlive: true, maxSockets: 1 })
      }
    }
    agent.destroy()
  }
  const all = Promise.all(Array.from({ length: connections }, serve))
  return {
    figures,
    async more (responses) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ from: figures.answered + responses, resolve })
      await promise
    },
    async stop () {
      stopped = true
      await all
    }
  }
}

async function ask (url: string, agent: Agent): Promise<IncomingMessage> {
  const outgoing = request(url, { agent })
  outgoing.end()
  const [response] = await once(outgoing, 'response') as [IncomingMessage]
  return response
}

function one ({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Sends one request on a connection of its own, until a thread with this number has it. Requests of others are harmless. */
export async function askThread (url: string, path: string, thread: number): Promise<void> {
  for (;;) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      const found = await ask(`${url}/service`, agent)
      await text(found)
      if (one(found, 'x-thread') !== String(thread)) continue
      await text(await ask(url + path, agent))
      return
    } finally {
      agent.destroy()
    }
  }
}
