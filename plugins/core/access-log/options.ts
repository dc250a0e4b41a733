/** The `accessLog` part of gateway.yaml. */

import Type from '#typebox'
import type { Static } from '#typebox'
import { type Config, Enum, type Report, TimeSpan } from '../../../src/index.ts'
import { child, nearest } from '../../../src/config/index.ts'
import { extraNames, extraProblem } from './extra-fields.ts'
import { usualFields } from './fields.ts'

const strict = { additionalProperties: false } as const

export const AccessLogSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether a line is logged for every finished request.' }),
  format: Enum(['auto', 'json', 'pretty', 'combined'], {
    default: 'auto',
    description: '`auto` follows `logging.format`, and is `json` for a file; `combined` is the format of Apache and nginx.'
  }),
  fields: Type.Object({
    include: Type.Array(Type.String(), {
      default: [],
      description: 'Further fields: `host`, `userAgent`, `referer`, `query` (secrets redacted), `protocol`, `peer`, `spanId`, and ' +
        '`header:`, `claim:` or `param:` with a name.',
      examples: [['userAgent', 'claim:tenant']]
    }),
    exclude: Type.Array(Type.String(), { default: [], description: 'Fields to leave out.' }),
    rename: Type.Record(
      Type.String(),
      Type.String({ minLength: 1 }),
      { default: {}, description: 'Other names for fields.', examples: [{ clientIp: 'client_ip' }] }
    )
  }, { ...strict, default: {}, description: 'The fields of a line.' }),
  sample: Type.Number({ default: 1, minimum: 0, maximum: 1, description: 'Share of successful requests that is logged. Errors (400 and ' +
    'above, or aborted) and slow requests always are.' }),
  slowerThan: TimeSpan({ default: '1s', description: 'Duration from which a request is slow.' }),
  output: Type.String({ default: 'stdout', minLength: 1, description: '`stdout`, in order with the other lines, or the path of a file, ' +
    'which is reopened at every reload.' })
}, { ...strict, default: {}, description: 'One log line for every request.' })

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly accessLog: Static<typeof AccessLogSchema>
  }
}

/** Fields of every line that have no name of a field in front of them. */
const taken = ['level', 'time', 'msg']

/** Reports names of fields that there are not, and two fields with one name. */
export function checkAccessLog ({ accessLog }: Config, report: Report): void {
  const { include, exclude, rename } = accessLog.fields
  const usual = Object.keys(usualFields)
  const known = [...usual, ...extraNames]
  const unknown = (name: string, pointer: string, at: 'key' | 'value' = 'value'): void => {
    const near = nearest(name, known)
    report({
      pointer,
      at,
      message: extraProblem(name) ?? `field "${name}" is not in the line`,
      hint: near === undefined || near === name
        ? `fields: ${known.join(', ')}, header:NAME, claim:NAME, param:NAME`
        : `did you mean "${near}"?`
    })
  }
  for (const [index, name] of include.entries()) {
    const pointer = child('/accessLog/fields/include', index)
    if (include.indexOf(name) < index) report({ pointer, message: `field "${name}" is listed twice` })
    else if (usual.includes(name)) report({ pointer, severity: 'warning', message: `field "${name}" is in every line anyway` })
    else if (extraProblem(name) !== undefined) unknown(name, pointer)
  }
  for (const [index, name] of exclude.entries()) if (!usual.includes(name)) unknown(name, child('/accessLog/fields/exclude', index))
  const names = namesOf(accessLog)
  for (const [name, other] of Object.entries(rename)) {
    const pointer = child('/accessLog/fields/rename', name)
    if (!names.includes(name)) unknown(name, pointer, 'key')
    else if (taken.includes(other) || names.filter(one => (rename[one] ?? one) === other).length > 1) report({
      pointer,
      message: `another field is called "${other}" already`
    })
  }
  if (accessLog.format === 'combined') {
    const inVain = [...include.filter(name => name !== 'query'), ...exclude, ...Object.keys(rename)]
    if (inVain.length > 0) {
      report({
        pointer: '/accessLog/fields',
        severity: 'warning',
        message: '`combined` has fields of its own: of these only `include: [query]` changes its lines'
      })
    }
  }
}

/** Names of the fields of a line, before they are renamed. */
export function namesOf ({ fields: { include, exclude } }: Config['accessLog']): string[] {
  return [...Object.keys(usualFields).filter(name => !exclude.includes(name)), ...include.filter(name => !Object.hasOwn(usualFields, name))]
}
