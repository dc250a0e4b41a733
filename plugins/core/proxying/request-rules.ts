/** `requestHeaders` of a route: they have the last word over what clients, policies and the gateway itself would send. */

import { compileTemplate, type Exchange, type GatewayApi, type Template } from '../../../src/index.ts'
import { removeFields } from '../../../src/transport/index.ts'
import type { HeaderRules } from './header-rules.ts'
import { scopeOf } from './scope.ts'

/** Changes the fields, `[name, value, …]`, that an exchange sends. */
export interface ApplyHeaderRules {
  (exchange: Exchange, fields: string[]): void
  /** Names, in lower case, that no part of the gateway may add any more; undefined for none. */
  readonly withheld: ReadonlySet<string> | undefined
}

/** Fields that the gateway writes itself, beside those of {@link GatewayApi.ownedFields} and those of each attempt. */
const written: readonly string[] = [
  'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix',
  'forwarded', 'x-request-id', 'max-forwards'
]

/** Compiles `set`, `add` and `remove`. The clients' own fields of names that are set or removed are gone by then. */
export function compileHeaderRules (
  { set = {}, add = {}, remove = [] }: HeaderRules,
  { ownedFields }: Pick<GatewayApi, 'ownedFields'>
): ApplyHeaderRules {
  const names = new Set([...Object.keys(set), ...remove].map(name => name.toLowerCase()))
  const ruled = [...written, ...ownedFields].some(name => names.has(name))
  const write = compileFields(set)
  const append = compileFields(add)
  const apply = (exchange: Exchange, fields: string[]): void => {
    // Most rules name fields that the gateway knows nothing of, and a policy may set some without declaring them.
    if (ruled || (names.size > 0 && exchange.upstreamFields !== undefined)) removeFields(fields, names, 0)
    write(exchange, fields)
    append(exchange, fields)
  }
  return Object.assign(apply, { withheld: names.size === 0 ? undefined : names })
}

/** Compiles names and templates to what appends the fields that have a value. */
function compileFields (rules: Readonly<Record<string, string>>): (exchange: Exchange, fields: string[]) => void {
  const templates = Object.entries(rules).map(([name, text]): [string, Template] => [name, compileTemplate(text)])
  if (templates.length === 0) return () => {}
  return (exchange, fields) => {
    const scope = scopeOf(exchange)
    for (const [name, template] of templates) {
      const value = template.renderHeader(scope)
      if (value !== undefined) fields.push(name, value)
    }
  }
}
