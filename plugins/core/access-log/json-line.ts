/** Compiles the fields of the access log to one function that writes the JSON line of an exchange, without any object in between. */

import type { Exchange } from '../../../src/index.ts'
import type { Field } from './fields.ts'
import type { AccessLevel } from './level.ts'
import { quote } from './quote.ts'

/** Writes the line, line feed included. `now` is monotonic, `wall` milliseconds since 1970. */
export type RenderLine = (exchange: Exchange, level: AccessLevel, now: number, wall: number) => string

const heads: Readonly<Record<AccessLevel, string>> = {
  info: '{"level":"info","time":',
  warn: '{"level":"warn","time":',
  error: '{"level":"error","time":'
}
const end = ',"msg":"request completed"}\n'

/**
 * Compiles the fields, by the name that they have in the line. As source, because a loop over functions costs twice as
 * much as one function in which each is called at a place of its own. All that gets into the source are the names, as
 * JSON strings.
 */
export function compileJsonLine (fields: readonly (readonly [name: string, field: Field])[]): RenderLine {
  const calls = fields.map(([name, { kind }], index) => {
    const key = JSON.stringify(`,${quote(name)}:`)
    const value = kind === 'text' ? 'quote(value)' : 'value'
    return `value = read${index}(exchange, now); if (value !== undefined) line += ${key} + ${value}`
  })
  const source = `
    const { ${fields.map((_field, index) => `${index}: read${index}`).join(', ')} } = readers
    return function (exchange, level, now, wall) {
      let line = heads[level] + wall, value
      ${calls.join('\n      ')}
      return line + ${JSON.stringify(end)}
    }`
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
  const compile = new Function('heads', 'quote', 'readers', source) as (
    given: typeof heads,
    write: typeof quote,
    readers: readonly Field['read'][]
  ) => RenderLine
  return compile(heads, quote, fields.map(([, { read }]) => read))
}
