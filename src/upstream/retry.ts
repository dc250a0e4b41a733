/** `upstreams.*.retry`, compiled: what is worth another attempt. */

import type { UpstreamConfig } from '../config/types.ts'
import { failureGroups } from './failure.ts'

export interface RetryRules {
  readonly attempts: number
  /** Codes of failures. */
  readonly failures: ReadonlySet<string>
  readonly statuses: ReadonlySet<number>
  /** Codes of failures after which not one byte has reached the target, so that every method is safe. */
  readonly unsent: ReadonlySet<string>
}

const unsent: ReadonlySet<string> = new Set(failureGroups.connect)
const compiled = new WeakMap<UpstreamConfig, RetryRules>()

/** The rules of an upstream; compiled once per configuration. */
export function retryRules (config: UpstreamConfig): RetryRules {
  const known = compiled.get(config)
  if (known !== undefined) return known
  const groups = config.retry.on.filter(item => typeof item === 'string')
  const rules: RetryRules = {
    attempts: config.retry.attempts,
    failures: new Set(groups.flatMap(group => failureGroups[group] as readonly string[])),
    statuses: new Set(config.retry.on.filter(item => typeof item === 'number')),
    unsent
  }
  compiled.set(config, rules)
  return rules
}
