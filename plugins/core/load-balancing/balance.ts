/** The key `balance`: the name of a balancer, or its name and options. Finds the balancer and checks its options. */

import Type, { type Static, type TObject, type TSchema } from '#typebox'
import { ConfigError, type GatewayApi, type OfferedBalancer, type Problem, type Report } from '../../../src/index.ts'
import { child, describe, type JsonSchema, nearest, peerHint, validate } from '../../../src/config/index.ts'

/** The value in the configuration. The options are checked when all balancers are known, by the schema of the named one. */
export type BalanceConfig = string | { readonly algorithm: string, readonly [option: string]: unknown }

/** A balancer with its options, checked and completed. */
interface ChosenBalancer {
  readonly create: OfferedBalancer['create']
  readonly options: unknown
}

/** The schema of the key. Options of the balancers that are built in are described in it, for editors and the reference page. */
export function balanceSchema (builtIn: Readonly<Record<string, TObject>>): TSchema {
  const shown = Object.entries(builtIn).flatMap(([algorithm, { properties }]) => Object.entries(properties).map(([key, schema]) => [
    key,
    describeOption(algorithm, schema as JsonSchema)
  ] as const))
  const name = { minLength: 1, description: 'Name of the balancer.' }
  return Type.Union([
    Type.String(name),
    Type.Object({ algorithm: Type.String(name), ...Object.fromEntries(shown) }, { additionalProperties: true })
  ], {
    default: 'round-robin',
    expected: 'the name of a balancer, or a mapping with `algorithm` and its options',
    description: 'How one of the available targets is selected: `round-robin`, `weighted-round-robin`, `least-connections`, ' +
      '`power-of-two`, `consistent-hash`, `random`, or the name of a balancer of a plugin. Write the name alone, or as `algorithm` ' +
      'together with its options.',
    examples: ['least-connections', { algorithm: 'consistent-hash', key: 'header:x-user', boundedLoad: 1.25 }]
  })
}

/** The name of the balancer. */
export function algorithmOf (balance: BalanceConfig): string {
  return typeof balance === 'string' ? balance : balance.algorithm
}

/**
 * Gives every upstream its balancer.
 * @throws ConfigError naming every upstream whose balancer no plugin offers, or whose options do not fit it
 */
export function setBalancers (gateway: GatewayApi): void {
  const { upstreams, balancers, random } = gateway
  const problems: Problem[] = []
  for (const upstream of upstreams.values()) {
    const pointer = child(child('/upstreams', upstream.name), 'balance')
    const chosen = chooseBalancer(upstream.config.balance, pointer, balancers, problem => problems.push({ severity: 'error', ...problem }))
    if (chosen === undefined) continue
    const balancer = upstream.balancer = chosen.create({ upstream, holder: gateway, random, options: chosen.options as never })
    upstream.descriptions.set('balance', () => algorithmOf(upstream.config.balance))
    if (balancer.describe !== undefined) {
      upstream.notes.push((target, now) => {
        const note = balancer.describe!(target, now)
        return note === undefined ? undefined : { balancing: note }
      })
    }
  }
  if (problems.some(({ severity }) => severity === 'error')) throw new ConfigError(problems)
}

/** Finds the balancer of an upstream; undefined when something is wrong, which is then reported. */
export function chooseBalancer (
  balance: BalanceConfig,
  pointer: string,
  offered: ReadonlyMap<string, OfferedBalancer>,
  report: Report
): ChosenBalancer | undefined {
  const { algorithm, ...written } = typeof balance === 'string' ? { algorithm: balance } : balance
  const balancer = offered.get(algorithm)
  if (balancer === undefined) {
    const peer = peerHint(algorithm, [...offered.keys()])
    const near = nearest(algorithm, offered.keys())
    report({
      pointer: typeof balance === 'string' ? pointer : child(pointer, 'algorithm'),
      message: `no plugin offers the balancer "${algorithm}"`,
      hint: peer ?? (near === undefined ? `there is ${[...offered.keys()].join(', ')}` : `did you mean "${near}"?`)
    })
    return undefined
  }
  const { value, problems } = validate(balancer.options ?? noOptions, written, pointer)
  for (const problem of problems) report(problem.message.startsWith('unknown key') ? explainUnknown(problem, algorithm, balancer) : problem)
  if (problems.length > 0) return undefined
  let sound = true
  balancer.checkOptions?.(value as never, problem => {
    if (problem.severity !== 'warning') sound = false
    report({ ...problem, pointer: pointer + problem.pointer })
  })
  return sound ? { create: balancer.create, options: value } : undefined
}

const noOptions = Type.Object({}, { additionalProperties: false })

/** The key may belong to another balancer. */
function explainUnknown (problem: Problem, algorithm: string, { options }: OfferedBalancer): Problem {
  return { ...problem, message: `${problem.message} for ${algorithm}`, ...(options === undefined ? { hint: 'it has no options' } : {}) }
}

/** Without its type: text such as a duration must not be read here, because it is read where it is checked. */
function describeOption (algorithm: string, schema: JsonSchema): TSchema {
  const { description, default: value, examples } = schema as JsonSchema & {
    readonly description: string,
    readonly default?: string | number,
    readonly examples?: readonly unknown[]
  }
  return Type.Optional(Type.Unsafe<Static<TSchema>>({
    expected: describe(schema),
    description: `For \`${algorithm}\`. ${description}${value === undefined ? '' : ` Unless set \`${value}\`.`}`,
    ...(examples === undefined || schema.unit !== undefined ? {} : { examples })
  }))
}
