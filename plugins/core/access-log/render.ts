/** Compiles the access log of a configuration to one function that writes a line. */

import { type Config, redactedText, type Redaction } from '../../../src/index.ts'
import { compileCombinedLine } from './combined-line.ts'
import { extraField } from './extra-fields.ts'
import { usualFields, type Field } from './fields.ts'
import { compileJsonLine, type RenderLine } from './json-line.ts'
import { namesOf } from './options.ts'

/** The function for `accessLog`, with secrets taken out. */
export function compileLine (accessLog: Config['accessLog'], redaction: Redaction): RenderLine {
  const { format, fields: { include, rename } } = accessLog
  if (format === 'combined') return compileCombinedLine(include.includes('query') ? redaction : undefined)
  const known: Readonly<Record<string, Field>> = usualFields
  return compileJsonLine(namesOf(accessLog).map(name => {
    const field = known[name] ?? extraField(name, redaction)
    const shown = rename[name] ?? name
    return [shown, redaction.paths.includes(shown) ? hidden(field) : field]
  }))
}

/** Says that there is something. */
function hidden (field: Field): Field {
  return { kind: 'text', read: (exchange, now) => field.read(exchange, now) === undefined ? undefined : redactedText }
}
