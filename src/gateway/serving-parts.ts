/** What a gateway creates once its first configuration is loaded, before it builds the first generation. */

import { loadConfig, placeProblems, type Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import type { KeptFiles } from '../config/read/kept-files.ts'
import { systemClock, type Clock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { EventFact } from '../contract/events.ts'
import { alone } from '../contract/threads.ts'
import { logTo } from '../logging/given-log.ts'
import { writeLinesOf } from '../logging/lines-of-threads.ts'
import { createLogger } from '../logging/log.ts'
import { standardOutput } from '../logging/standard-output.ts'
import { Holdings } from '../state/holdings.ts'
import { answerThreads } from '../threads/answer-threads.ts'
import { GatewayThreads } from '../threads/gateway-threads.ts'
import { threadsOf } from '../threads/thread-count.ts'
import { rootPlugins } from './app.ts'
import type { Events } from './event-stream.ts'
import { createEvents } from './gateway-events.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { Generation } from './generation.ts'
import type { GenerationContext } from './generation-context.ts'
import type { Generations } from './generations.ts'
import type { LoadedPlugins } from './policies.ts'

/** What it needs of its gateway. */
export interface ServingOptions {
  readonly options: GatewayOptions
  /** Whether several threads may serve the clients, as `server.threads` says. Then the gateway has a file. */
  readonly threaded: boolean
  /** Called when no thread is left that serves clients. */
  readonly gone: () => void
  readonly plugins: LoadedPlugins
  readonly control: GatewayControl
}

/** What was created. */
export interface ServingParts {
  readonly context: GenerationContext & { readonly events: Events }
  /** Those that serve the clients; undefined where this one does. */
  readonly threads: GatewayThreads | undefined
}

/** What serves, as soon as there is something. */
type Later = () => { readonly generation: number, readonly loaded: Loaded, readonly generations: Generations } | undefined

/** Creates log, events and threads. @param serving returns what serves with them */
export function createParts (given: ServingOptions, first: Loaded, serving: Later): ServingParts {
  const { options, control } = given
  const { clock = systemClock, random = Math.random, env = process.env } = options
  const logger = options.logger === undefined ? createLogger(first.config.logging) : logTo(options.logger)
  const threads = startThreads(given, { clock, emit: fact => events.emit(fact), loaded: () => serving()?.loaded ?? first })
  const events = createEvents({
    logger,
    first,
    clock,
    generation: () => serving()?.generation ?? 0,
    current: () => serving()?.generations.current.host.log,
    threads: threads?.threads ?? alone
  })
  const holdings = threads?.holdings ?? new Holdings()
  return { threads, context: { holdings, threads: threads?.threads ?? alone, logger, clock, random, control, events, env } }
}

/** How a configuration is loaded for a gateway. */
interface LoadingOptions {
  /** Whether the gateway serves meanwhile. */
  readonly serving: boolean
  /** Read in place of what is on disk. */
  readonly kept?: KeptFiles | undefined
}

/** Loads a configuration for a gateway. */
export async function loadFor ({ options, plugins }: ServingOptions, source: ConfigSource, loading: LoadingOptions): Promise<Loaded> {
  const { env = process.env, overrides = [] } = options
  return await loadConfig(source, { env, overrides, rootPlugins, plugins, ...loading })
}

/** Builds a generation. @throws ConfigRefused, with the places of the problems, or the error of a plugin */
export async function buildGeneration (loaded: Loaded, context: GenerationContext): Promise<Generation> {
  try {
    return await Generation.build(loaded, context)
  } catch (error) {
    throw placeProblems(error, loaded)
  }
}

/** What the threads need of what is created with them. */
interface ThreadsContext {
  readonly clock: Clock
  readonly emit: (fact: EventFact) => void
  readonly loaded: () => Loaded
}

/** Starts the threads that serve clients; undefined where this one does. */
function startThreads ({ options, control, threaded, gone }: ServingOptions, { clock, emit, loaded }: ThreadsContext) {
  const { file, env = process.env, overrides = [] } = options
  const { count } = threadsOf(loaded().config)
  if (!threaded || count === 1) return undefined
  const threads = new GatewayThreads({ count, file: file!, env, overrides, clock, emit, config: () => loaded().config, gone })
  writeLinesOf(threads.links, standardOutput())
  answerThreads(threads.links, control)
  return threads
}
