/** What of an exchange may be shown: what the access log of its configuration would write. */

import { type Config, redactedText, redactQuery, readRedaction } from '../../../src/index.ts'

/** The rules of one configuration, by the names of the fields of the access log. */
export interface ShownFields {
  readonly leftOut: ReadonlySet<string>
  /** Of these it is said that there is something. */
  readonly hidden: ReadonlySet<string>
  /** Lower-case names of parameters whose values are secret; undefined where no query is shown. */
  readonly parameters: ReadonlySet<string> | undefined
}

/** Reads the rules. They hold whether or not the log is written. */
export function readShown ({ accessLog, logging }: Pick<Config, 'accessLog' | 'logging'>): ShownFields {
  const { include, exclude, rename } = accessLog.fields
  const { parameters, paths } = readRedaction(logging.redact)
  const originalNames = new Map(Object.entries(rename).map(([name, other]) => [other, name]))
  return {
    leftOut: new Set(exclude),
    hidden: new Set(paths.map(path => originalNames.get(path) ?? path)),
    parameters: include.includes('query') ? parameters : undefined
  }
}

/** What both rules show: those of the configuration that kept an exchange, and those of the one that shows it. */
export function stricter (one: ShownFields, other: ShownFields): ShownFields {
  const parameters = one.parameters === undefined || other.parameters === undefined
    ? undefined
    : new Set([...one.parameters, ...other.parameters])
  return {
    leftOut: new Set([...one.leftOut, ...other.leftOut]),
    hidden: new Set([...one.hidden, ...other.hidden]),
    parameters
  }
}

/** A field as it is shown. */
export function shown ({ leftOut, hidden }: ShownFields, field: string, value: string | undefined): string | undefined {
  if (value === undefined || leftOut.has(field)) return undefined
  return hidden.has(field) ? redactedText : value
}

/** The query as it is shown, without its `?`; undefined for none. */
export function shownQuery (rules: ShownFields, query: string): string | undefined {
  return rules.parameters === undefined || query.length < 2
    ? undefined
    : shown(rules, 'query', redactQuery(query.slice(1), rules.parameters))
}
