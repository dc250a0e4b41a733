/** Reads the OTEL_* variables of the environment, which apply where the configuration has no value. */

import type { Protocol } from './endpoint.ts'
import type { Format } from './options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Settings of the environment; undefined where it says nothing. */
export interface EnvironmentSettings {
  readonly disabled: boolean
  readonly endpoint: { readonly variable: string, readonly text: string, readonly base: boolean } | undefined
  readonly protocol: Protocol | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number | undefined
  readonly serviceName: string | undefined
  readonly resource: Readonly<Record<string, string>>
  readonly sampler: { readonly share: number, readonly heedsParent: boolean } | undefined
  readonly propagation: readonly Format[] | undefined
}

/** A variable whose value means nothing. */
export class EnvironmentProblem extends Error {
  override readonly name = 'EnvironmentProblem'
}

/** @throws EnvironmentProblem */
export function readEnvironment (env: Environment): EnvironmentSettings {
  const say = (...names: string[]): [string, string] | undefined => {
    // An empty variable is like none, as OpenTelemetry has it.
    for (const name of names) if (env[name] !== undefined && env[name] !== '') return [name, env[name]]
    return undefined
  }
  const [variable, text] = say('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT') ?? []
  const resource = readList(say('OTEL_RESOURCE_ATTRIBUTES'))
  return {
    disabled: say('OTEL_SDK_DISABLED')?.[1].toLowerCase() === 'true' || say('OTEL_TRACES_EXPORTER')?.[1] === 'none',
    endpoint: variable === undefined ? undefined : { variable, text: text!, base: variable === 'OTEL_EXPORTER_OTLP_ENDPOINT' },
    protocol: oneOf(say('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'), {
      grpc: 'grpc',
      'http/protobuf': 'http/protobuf',
      'http/json': 'http/json'
    }),
    headers: readHeaders(say('OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS')),
    timeout: readNumber(say('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'), 10, 300_000),
    serviceName: say('OTEL_SERVICE_NAME')?.[1] ?? resource['service.name'],
    resource,
    sampler: readSampler(say('OTEL_TRACES_SAMPLER'), say('OTEL_TRACES_SAMPLER_ARG')),
    propagation: readPropagators(say('OTEL_PROPAGATORS'))
  }
}

function readSampler (sampler: [string, string] | undefined, argument: [string, string] | undefined): EnvironmentSettings['sampler'] {
  const heedsParent = sampler?.[1].startsWith('parentbased_') === true
  const share = oneOf(sampler && [sampler[0], sampler[1].replace(/^parentbased_/, '')], { always_on: 1, always_off: 0, traceidratio: -1 })
  if (share === undefined) return undefined
  return { heedsParent, share: share < 0 ? readNumber(argument, 0, 1) ?? 1 : share }
}

function readPropagators (given: [string, string] | undefined): readonly Format[] | undefined {
  if (given === undefined) return undefined
  const [name, value] = given
  if (value === 'none') return []
  const known = { tracecontext: 'w3c', baggage: 'baggage', b3: 'b3-single', b3multi: 'b3' } as const
  return [...new Set(value.split(',').map(word => oneOf<Format>([name, word.trim()], known)!))]
}

function oneOf<T> (given: [string, string] | undefined, values: Readonly<Record<string, T>>): T | undefined {
  if (given === undefined) return undefined
  const [name, value] = given
  if (!Object.hasOwn(values, value)) {
    throw new EnvironmentProblem(`${name} is "${value}"; expected one of ${Object.keys(values).join(', ')}`)
  }
  return values[value]
}

function readNumber (given: [string, string] | undefined, least: number, most: number): number | undefined {
  if (given === undefined) return undefined
  const value = Number(given[1])
  if (!(value >= least && value <= most)) {
    throw new EnvironmentProblem(`${given[0]} is "${given[1]}"; expected a number from ${least} to ${most}`)
  }
  return value
}

function readHeaders (given: [string, string] | undefined): Record<string, string> {
  const headers = readList(given)
  for (const [name, value] of Object.entries(headers)) {
    // The value may be a secret, so it is not shown.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e]/.test(value)) {
      throw new EnvironmentProblem(`${given![0]} holds something that is no header field`)
    }
  }
  return headers
}

/** `key=value,key=value` with percent-encoded values, as W3C Baggage writes it. */
function readList (given: [string, string] | undefined): Record<string, string> {
  if (given === undefined) return {}
  return Object.fromEntries(given[1].split(',').filter(part => part.trim() !== '').map(part => {
    const at = part.indexOf('=')
    if (at < 1) throw new EnvironmentProblem(`${given[0]} is no list of key=value`)
    try {
      return [part.slice(0, at).trim(), decodeURIComponent(part.slice(at + 1).trim())] as const
    } catch {
      throw new EnvironmentProblem(`${given[0]} holds a broken percent escape`)
    }
  }))
}
