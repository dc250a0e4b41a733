/** The effective settings: the configuration, then the environment, then the defaults. */

import type { Static } from '#typebox'
import { readEndpoint, type Endpoint } from './endpoint.ts'
import { EnvironmentProblem, readEnvironment } from './environment.ts'
import type { Format, TracingSchema } from './options.ts'

/** How and where spans are sent: plain data, by which the exporter is kept over reloads. */
export interface ExportSettings extends Endpoint {
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
  readonly resource: Readonly<Record<string, string>>
  readonly batch: { readonly size: number, readonly delay: number, readonly queue: number }
}

export interface TracingSettings {
  readonly share: number
  /** Whether the caller's mark decides. */
  readonly heedsParent: boolean
  readonly propagation: readonly Format[]
  /** Undefined where nothing is exported. */
  readonly exporting: ExportSettings | undefined
}

/** @throws EnvironmentProblem */
export function readSettings (
  tracing: Static<typeof TracingSchema>,
  env: Readonly<Record<string, string | undefined>>,
  version: string
): TracingSettings {
  const said = readEnvironment(env)
  const protocol = tracing.protocol ?? said.protocol
  const { text, base, variable } = tracing.endpoint === undefined ? said.endpoint ?? {} : {
    text: tracing.endpoint,
    base: false,
    variable: ''
  }
  const endpoint = text === undefined || said.disabled ? undefined : readEndpoint(text, protocol, base)
  if (endpoint !== undefined && 'problem' in endpoint) {
    throw new EnvironmentProblem(`${variable || 'tracing.endpoint'}: ${endpoint.problem}; ${endpoint.hint}`)
  }
  return {
    share: tracing.sample ?? said.sampler?.share ?? 0.1,
    heedsParent: tracing.sample !== undefined || said.sampler?.heedsParent !== false,
    propagation: tracing.propagation ?? said.propagation ?? ['w3c'],
    exporting: endpoint && {
      ...endpoint,
      headers: { ...said.headers, ...tracing.headers },
      timeout: tracing.timeout ?? said.timeout ?? 10_000,
      resource: {
        'service.version': version,
        ...said.resource,
        ...tracing.resource,
        'service.name': tracing.serviceName ?? tracing.resource['service.name'] ?? said.serviceName ?? 'onedoor'
      },
      batch: tracing.batch
    }
  }
}
