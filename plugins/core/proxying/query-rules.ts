/** `requestQuery` of a route: parameters that are set, added and taken out; all others pass byte for byte. */

import { compileTemplate, type Exchange, type Template } from '../../../src/index.ts'
import { percentEncodeBytes } from '../../../src/http/index.ts'
import type { HeaderRules } from './header-rules.ts'
import { scopeOf } from './scope.ts'

/** Compiles the rules to what gives the query of an exchange: `''`, or with its `?`. */
export function compileQueryRules (rules: HeaderRules | undefined): (exchange: Exchange) => string {
  if (rules === undefined) return exchange => exchange.query
  const { set = {}, add = {}, remove = [] } = rules
  const gone = new Set([...Object.keys(set), ...remove])
  const written = [
    ...Object.entries(set),
    ...Object.entries(add)
  ].map(([name, text]): [string, Template] => [encodeURIComponent(name), compileTemplate(text)])
  return exchange => {
    const scope = scopeOf(exchange)
    const pairs = exchange.query.length < 2 ? [] : exchange.query.slice(1).split('&').filter(pair => !gone.has(nameOf(pair)))
    for (const [name, template] of written) {
      const value = template.renderHeader(scope)
      if (value !== undefined) pairs.push(`${name}=${percentEncodeBytes(value)}`)
    }
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`
  }
}

/** The name of a parameter as services read it: what a client spells with escapes is the same parameter. */
function nameOf (pair: string): string {
  const [name] = new URLSearchParams(pair).keys()
  return name ?? ''
}
