/**
 * Access log: one line for every request, written when its response has ended or its client has left. Header
 * values and the query are included only where the configuration selects them.
 */

import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ConfigError, type PluginConfig, prettyLine, readRedaction } from '../../../src/index.ts'
import { bytesSent, countStreamed } from './body-counter.ts'
import { FileOutput } from './file-output.ts'
import { accessLevel } from './level.ts'
import { AccessLogSchema, checkAccessLog } from './options.ts'
import { fileOutput, logOutput, type Output } from './output.ts'
import { compileLine } from './render.ts'
import { compileSampling } from './sampling.ts'
import { compileUnread } from './rejected-input.ts'

export const config = { root: { accessLog: AccessLogSchema }, check: checkAccessLog } satisfies PluginConfig

/** Most characters of lines that wait for a file. */
const longestQueue = 4 * 1024 * 1024

async function accessLog (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const { accessLog, logging } = gateway.config
  if (!accessLog.enabled || gateway.rehearsal || gateway.threads.role === 'control') return
  const { clock } = gateway
  const render = compileLine(accessLog, readRedaction(logging.redact))
  const sampled = compileSampling(accessLog.sample, accessLog.slowerThan, gateway.random)
  const output = accessLog.output === 'stdout' ? logOutput(app.log, accessLog.format) : openFile(app)
  app.addHook('onRequest', (_request, reply, done) => {
    countStreamed(reply.raw)
    done()
  })
  gateway.onClosed((exchange, now) => {
    const { reply } = exchange
    if (reply !== undefined) exchange.bytesOut = bytesSent(reply.raw, exchange.bytesOut, reply.getHeader('content-length'))
    const level = accessLevel(exchange)
    if (!output.takes(level) || sampled?.(exchange, now) === false) return
    output.write(render(exchange, level, now, clock.wall()), level)
  })
  const unread = compileUnread(accessLog.format)
  gateway.onRejectedInput(refused => {
    if (!output.takes('info')) return
    const line = unread(refused, clock.now(), clock.wall())
    if (line !== undefined) output.write(line, 'info')
  })
}

/** The file is one for all generations; each but the first opens it anew, which is what rotating logs waits for. */
function openFile ({ gateway, metrics }: FastifyInstance): Output {
  // Not `gateway` itself: the file outlives this generation.
  const { events, threads: { count } } = gateway
  const { output, format } = gateway.config.accessLog
  const path = resolve(gateway.folder, output)
  const lost = metrics.seriesCounter('gateway_access_log_lost_lines_total', 'Lines of the access log that could not be written.').at({})
  let fresh = false
  const create = (): FileOutput => {
    fresh = true
    return new FileOutput({
      path,
      shared: count > 1,
      limit: longestQueue,
      failed: error => events.emit({ type: 'access-log-failed', output }, error),
      kept: error => events.emit({ type: 'access-log-not-reopened', output }, error),
      recovered: lines => events.emit({ type: 'access-log-recovered', output, lost: lines }),
      lost: lines => { lost.value += lines }
    })
  }
  try {
    const file = gateway.resource({ kind: 'access-log', key: path, create, close: async opened => await opened.close() })
    if (!fresh) file.reopen()
    return fileOutput(file, format === 'pretty' ? prettyLine() : undefined)
  } catch (error) {
    throw new ConfigError(
      [{
        severity: 'error',
        pointer: '/accessLog/output',
        message: `the file cannot be opened: ${(error as NodeJS.ErrnoException).code ?? String(error)}`
      }],
      { cause: error }
    )
  }
}

export default fp(accessLog, { name: 'access-log', fastify: '5.x', dependencies: ['metrics'] })
