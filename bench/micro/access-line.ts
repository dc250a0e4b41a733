/**
 * What the line of one request costs, in nanoseconds: as an object through pino, and written by the compiled function;
 * and what the log of a request costs that never logs.
 *
 *   node bench/micro/access-line.ts
 */

import { createRequire } from 'node:module'
import { accessLevel } from '../../plugins/core/access-log/level.ts'
import { usualFields, type Field } from '../../plugins/core/access-log/fields.ts'
import { compileLine } from '../../plugins/core/access-log/render.ts'
import type { Config } from '../../src/config/types.ts'
import { createLogger } from '../../src/logging/log.ts'
import { readRedaction } from '../../src/logging/log-redaction.ts'
import { RequestLog } from '../../src/logging/request-log.ts'
import { sampleExchange } from '../../test/access-log/sample-exchange.ts'

const rounds = 20
const times = 50_000

let bytes = 0
const sink = { write: (line: string) => { bytes += line.length } }
const log = createLogger({ level: 'info', format: 'json' }, sink)
const accessLog: Config['accessLog'] = {
  enabled: true,
  format: 'json',
  fields: { include: [], exclude: [], rename: {} },
  sample: 1,
  slowerThan: 1000,
  output: 'stdout'
}
const redaction = readRedaction([])
const usual = compileLine(accessLog, redaction)
const more = compileLine(
  { ...accessLog, fields: { ...accessLog.fields, include: ['host', 'userAgent', 'referer', 'query', 'header:x-tenant'] } },
  redaction
)
const combined = compileLine({ ...accessLog, format: 'combined' }, redaction)

// Different ones, so that nothing can be worked out once and for all.
const exchanges = Array.from({ length: 1000 }, (_, index) => sampleExchange({ id: index, failed: index % 100 === 0 }))
const factory = createRequire(createRequire(import.meta.url).resolve('fastify'))('./lib/logger-factory.js') as { validateLogger (
  log: unknown,
  strict: boolean
): boolean }

const fields = Object.entries(usualFields) as readonly [string, Field][]

measure('object through pino', index => {
  const exchange = exchanges[index % exchanges.length]!
  const line: Record<string, unknown> = {}
  for (const [name, field] of fields) {
    const value = field.read(exchange, 1015.909)
    if (value !== undefined) line[name] = field.kind === 'number' ? Number(value) : value
  }
  log[accessLevel(exchange)](line, 'request completed')
})
for (const [name, render] of [
  ['compiled, usual fields', usual],
  ['compiled, five more fields', more],
  ['compiled, combined', combined]
] as const) {
  measure(name, index => {
    const exchange = exchanges[index % exchanges.length]!
    const line = render(exchange, accessLevel(exchange), 1015.909, 1795255424711 + index)
    // As the output does it in the end: the pieces become one text, and that bytes.
    bytes += Buffer.byteLength(line)
  })
}
measure('request log that is never used: a child of pino', index => {
  bytes += log.child({ requestId: exchanges[index % exchanges.length]!.id }, {}).levelVal
})
measure('request log that is never used: ours, with Fastify\'s check', index => {
  const own = new RequestLog(log, exchanges[index % exchanges.length]!, {})
  bytes += Number(factory.validateLogger(own, true))
})
if (bytes === 0) throw new Error('nothing was written')

/** Median of the rounds after the first few, in which the code is compiled. */
function measure (name: string, once: (index: number) => void): void {
  const results: number[] = []
  for (let round = 0; round < rounds; round++) {
    const from = process.hrtime.bigint()
    for (let index = 0; index < times; index++) once(index)
    results.push(Number(process.hrtime.bigint() - from) / times)
  }
  const sorted = results.slice(5).sort((a, b) => a - b)
  console.log(`${name.padEnd(60)} ${Math.round(sorted[Math.floor(sorted.length / 2)]!).toString().padStart(6)} ns`)
}
