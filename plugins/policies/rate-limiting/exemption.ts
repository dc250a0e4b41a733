/** Exemptions from a limit: networks, and values of a key such as `claim:plan=internal`. */

import { compileTrust, compileValue, type Exchange, keyProblem } from '../../../src/index.ts'

/** Why a request is exempt, in words; undefined when it is not. */
export type Exemption = (exchange: Exchange) => string | undefined

/** The problem of one entry of `exempt`; undefined when it is valid. */
export function exemptionProblem (text: string): string | undefined {
  const [key] = splitKey(text)
  if (key !== undefined) return keyProblem(key)
  try {
    compileTrust([text])
    return undefined
  } catch (error) {
    return `${(error as Error).message}, or a key with its value such as claim:plan=internal`
  }
}

/** Compiles the entries of `exempt`; undefined when there are none. */
export function compileExemption (entries: readonly string[]): Exemption | undefined {
  if (entries.length === 0) return undefined
  const inNetworks = compileTrust(entries.filter(text => splitKey(text)[0] === undefined))
  const values = entries.map(splitKey).filter(([key]) => key !== undefined).map(([key, value]) => ({
    key: key!,
    value,
    read: compileValue(key!)
  }))
  return exchange => {
    if (inNetworks(exchange.clientIp)) return 'its address is exempt'
    const found = values.find(({ read, value }) => read(exchange) === value)
    return found === undefined ? undefined : `its ${found.key} is exempt`
  }
}

function splitKey (text: string): [key: string | undefined, value: string] {
  const equals = text.indexOf('=')
  return equals === -1 ? [undefined, text] : [text.slice(0, equals), text.slice(equals + 1)]
}
