/** An authenticator of a plugin that is not built in, for a policy that combines it with others. */

import type { Authenticator, Verdict } from '../contract/authentication.ts'
import type { PluginHook } from '../contract/plugin-hook.ts'
import { exchangeOf, type HttpExchange } from '../exchange/exchange.ts'
import { tooLate, type HookTimeout } from './guarded-hook.ts'

/** The exchange knows that it is running. A verdict that does not come within `timeout` milliseconds is an error; 0 means no limit. */
export function guardAuthenticator (judge: Authenticator, at: PluginHook, timeout: HookTimeout): Authenticator {
  return request => {
    const exchange = exchangeOf(request.raw)
    const outer = exchange.running
    exchange.running = at
    const verdict = judge(request)
    if (!(verdict instanceof Promise)) {
      exchange.running = outer
      return verdict
    }
    return settled(verdict, exchange, at, timeout).then(known => {
      exchange.running = outer
      return known
    })
  }
}

async function settled (
  verdict: Promise<Verdict>,
  exchange: HttpExchange,
  at: PluginHook,
  timeout: HookTimeout
): Promise<Verdict> {
  if (timeout === 0) return await verdict
  const { promise: late, reject } = Promise.withResolvers<never>()
  const arm = (): NodeJS.Timeout => setTimeout(() => {
    if (exchange.bodiesAwaited > 0 && !exchange.over) timer = arm()
    else reject(tooLate(at, timeout))
  }, timeout)
  let timer = arm()
  try {
    return await Promise.race([verdict, late])
  } finally {
    clearTimeout(timer)
  }
}
