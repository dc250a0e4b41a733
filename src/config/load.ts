/** From a file to a compiled configuration: read, load its plugins, validate against the sum of all schemas, check. */

import { dirname, resolve } from 'node:path'
import type { PluginModule } from '../contract/plugin.ts'
import { loadPlugin, PluginNotLoaded } from '../gateway/plugin-loading.ts'
import type { LoadedPlugins } from '../gateway/policies.ts'
import { inPieces, sorted, type Steps } from '../scheduling/steps.ts'
import { AuthenticationCheck } from './check/check-authentication.ts'
import { checkAnswers, checkConnections, checkDns, checkNetworks, checkRedaction, checkReferences, checkTargets } from './check/check.ts'
import { composeSchema, type Composition } from './schema/compose.ts'
import { readInSteps, type Document } from './read/document.ts'
import type { JsonSchema } from './schema/json-schema.ts'
import { fitVariables } from './read/fit-variables.ts'
import { child } from './pointer.ts'
import { byPlace, ConfigError, withoutFollowUpsInSteps, type Problem } from './check/problem.ts'
import { redactorOf, secretNames, type Redactor } from './show/redactor.ts'
import { secretPointers } from './show/secret-places.ts'
import type { SeenFiles } from './read/text-file.ts'
import type { Config, PluginEntry } from './types.ts'
import { validate, validateFile } from './check/validate.ts'

/** A sound configuration and what came with it. */
export interface Loaded {
  readonly config: Config
  readonly document: Document
  readonly plugins: LoadedPlugins
  readonly schema: Composition
  /** Folder of the file, absolute. */
  readonly folder: string
  readonly warnings: readonly Problem[]
  /** Takes its secrets out of what is shown. */
  readonly redactor: Redactor
}

/** A configuration that cannot be used: its problems, the text they point into, and what to watch for a better one. */
export class ConfigRefused extends ConfigError {
  readonly files: SeenFiles
  readonly source: (file: string) => string | undefined

  constructor (problems: readonly Problem[], files: SeenFiles, source: (file: string) => string | undefined, options?: ErrorOptions) {
    super(problems, options)
    this.files = files
    this.source = source
  }
}

export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The root plugins, whose keys are part of every file. */
  readonly rootPlugins: readonly PluginModule[]
  /** Whether requests are served meanwhile: then a large file is parsed beside the event loop. */
  readonly serving?: boolean
}

/**
 * Loads a configuration.
 * @throws ConfigRefused with every problem found, each with its place
 */
export async function loadConfig (file: string, options: LoadOptions): Promise<Loaded> {
  // A reload happens while requests are served: they get a turn between the pieces.
  const { document, problems, files, source } = await inPieces(readInSteps(file, { env: options.env }), options.serving === true ? 'beside' : 'here')
  if (document === undefined) throw new ConfigRefused(problems, files, source)
  const found = [...problems, ...secretNames(document)]
  const value = withPluginEntries(document.value)
  const folder = dirname(resolve(file))
  const plugins = await loadPlugins(value, folder, found)
  const schema = composeSchema([...options.rootPlugins, ...plugins.values()])
  fitVariables(value, document.variables, way => schemaOf(way, value, schema, plugins))
  const redactor = redactorOf(document, secretPlaces(value, schema, plugins))
  const validated = await inPieces(validateFile(schema.file, value, document.secrets))
  // One by one: as arguments of one call, very many are too many.
  for (const problem of validated.problems) found.push(problem)
  const config = validated.value as Config
  validateOptions(config, plugins, document.secrets, found)
  // What looks at the configuration any further relies on its schemas.
  const shaped = isSound(found)
  if (shaped) addShorthandUpstreams(config, schema, found)
  const modules = [...options.rootPlugins, ...plugins.values()]
  await inPieces(checkAnswers(config, modules.flatMap(module => module.config?.answers ?? []), report(found)))
  checkTargets(config, ['url', ...modules.flatMap(module => module.config?.finds ?? [])], report(found))
  await inPieces(checkPolicies(config, plugins, found))
  if (shaped) {
    checkRedaction(config, report(found))
    checkNetworks(config, report(found))
    checkConnections(config, report(found))
    checkDns(config, report(found))
    await inPieces(runChecks(config, modules, found))
  }
  const placed = await inPieces(inOrder(found, document, redactor))
  const errors = placed.filter(({ severity }) => severity === 'error')
  // What is unused or shadowed in a file with mistakes may be so because of them.
  if (errors.length > 0) throw new ConfigRefused(errors, files, redactor.source(source))
  return { config, document, plugins, schema, folder, warnings: placed, redactor }
}

/** An error of the building of an app, where it is about the configuration, with the places of its problems. */
export function placeProblems (error: unknown, { document, redactor }: Loaded): unknown {
  if (!(error instanceof ConfigError)) return error
  // A file of a policy, which has its places already: whichever of the two is mended, it is worth another look.
  if (error instanceof ConfigRefused) return new ConfigRefused(error.problems, new Map([...document.files, ...error.files]), file => document.source(file) ?? error.source(file), { cause: error.cause })
  return new ConfigRefused(error.problems.map(problem => place(problem, document, redactor)), document.files, redactor.source(file => document.source(file)), { cause: error.cause })
}

/** `plugins: [./gate.ts]` is short for `plugins: [{ plugin: ./gate.ts }]`. */
function withPluginEntries (value: unknown): Record<string, unknown> {
  const root = { ...value as Record<string, unknown> }
  if (Array.isArray(root['plugins'])) root['plugins'] = root['plugins'].map((entry: unknown) => typeof entry === 'string' ? { plugin: entry } : entry)
  return root
}

function isEntry (entry: unknown): entry is PluginEntry {
  return typeof (entry as PluginEntry | null)?.plugin === 'string'
}

async function loadPlugins (value: Record<string, unknown>, folder: string, problems: Problem[]): Promise<LoadedPlugins> {
  const plugins = new Map<string, PluginModule>()
  for (const [pointer, entry] of uses(value)) {
    if (plugins.has(entry.plugin)) continue
    try {
      plugins.set(entry.plugin, await loadPlugin(entry.plugin, folder))
    } catch (error) {
      const hint = error instanceof PluginNotLoaded ? error.hint : undefined
      problems.push({ severity: 'error', pointer: child(pointer, 'plugin'), message: (error as Error).message, ...(hint === undefined ? {} : { hint }) })
    }
  }
  return plugins
}

/** Every use of a plugin, with its place. */
function * uses (value: { readonly policies?: unknown, readonly plugins?: unknown }): Generator<[pointer: string, entry: PluginEntry]> {
  const { policies, plugins } = value
  if (typeof policies === 'object' && policies !== null) {
    for (const [name, entry] of Object.entries(policies)) if (isEntry(entry)) yield [child('/policies', name), entry]
  }
  if (Array.isArray(plugins)) {
    for (const [index, entry] of plugins.entries()) if (isEntry(entry)) yield [child('/plugins', index), entry]
  }
}

/** Checks the options of every use against the plugin's own schema, and puts the completed options in their place. */
function validateOptions (config: Config, plugins: LoadedPlugins, secrets: ReadonlySet<string>, problems: Problem[]): void {
  for (const [pointer, entry] of uses(config)) {
    const module = plugins.get(entry.plugin)
    const schema = module?.config?.options
    if (module === undefined || schema === undefined) continue
    const { plugin: _, ...options } = entry
    const validated = validate(schema, options, pointer, secrets)
    problems.push(...validated.problems)
    for (const key of Object.keys(options)) delete (entry as Record<string, unknown>)[key]
    Object.assign(entry, validated.value)
    if (!isSound(validated.problems)) continue
    module.config!.checkOptions?.(validated.value as never, report(problems, pointer))
  }
}

/** A route's `target` is an upstream with that one target, called by its URL. */
function addShorthandUpstreams (config: Config, schema: Composition, problems: Problem[]): void {
  const upstreams = config.upstreams as Record<string, unknown>
  for (const [index, route] of config.routes.entries()) {
    const { target } = route
    if (target === undefined || upstreams[target] !== undefined) continue
    const validated = validate(schema.upstream, { targets: [target] }, child(child('/routes', index), 'target'))
    problems.push(...validated.problems)
    upstreams[target] = validated.value
  }
}

/** Names, and who may enter. Policies are asked about their options only where these are sound. */
function * checkPolicies (config: Config, plugins: LoadedPlugins, problems: Problem[]): Steps<void> {
  const sound = isSound(problems)
  const authentication = new AuthenticationCheck(config, plugins)
  yield * checkReferences(config, sound ? Object.keys(config.policies).flatMap(name => authentication.usesOf(name).map(use => use.name)) : Object.keys(config.policies ?? {}), report(problems))
  if (!sound) return
  authentication.checkUses(report(problems))
  yield * authentication.checkRoutes(report(problems))
  yield * authentication.checkPreflights(report(problems))
  yield * authentication.checkClaims(report(problems))
}

function isSound (problems: readonly Problem[]): boolean {
  return !problems.some(({ severity }) => severity === 'error')
}

/** What schemas cannot say. Where a name leads nowhere a check may stumble; then the problem about the name tells enough. */
function * runChecks (config: Config, modules: readonly PluginModule[], problems: Problem[]): Steps<void> {
  const sound = isSound(problems)
  for (const module of new Set(modules)) {
    try {
      const steps = module.config?.check?.(config, report(problems))
      if (steps !== undefined && Symbol.iterator in steps) yield * steps
    } catch (error) {
      if (sound) throw error
    }
    yield
  }
}

function report (problems: Problem[], base = ''): (problem: Omit<Problem, 'severity'> & { severity?: Problem['severity'] }) => void {
  return problem => problems.push({ severity: 'error', ...problem, pointer: base + problem.pointer })
}

/** The longest message that is shown whole: some repeat what stands in the file. */
const longestMessage = 500

function * inOrder (problems: readonly Problem[], document: Document, redactor: Redactor): Steps<Problem[]> {
  const placed: Problem[] = []
  for (const problem of problems) {
    placed.push(place(problem, document, redactor))
    yield
  }
  return yield * sorted(yield * withoutFollowUpsInSteps(placed), byPlace)
}

function place (problem: Problem, document: Document, redactor: Redactor): Problem {
  const position = problem.position ?? document.locate(problem.pointer, problem.at)
  const said = redactor.text(problem.message)
  const message = said.length > longestMessage ? `${said.slice(0, longestMessage)}…` : said
  return { ...problem, message, ...(problem.hint === undefined ? {} : { hint: redactor.text(problem.hint) }), ...(position === undefined ? {} : { position }) }
}

/** The schema that a place is under, with the way from there: options are under the schema of their plugin. */
function schemaOf (way: readonly string[], value: Record<string, unknown>, { file }: Composition, plugins: LoadedPlugins): readonly [JsonSchema, readonly string[]] {
  const [section = '', name = '', ...further] = way
  const entry = section === 'policies' || section === 'plugins' ? (value[section] as Record<string, unknown> | undefined)?.[name] : undefined
  const options = isEntry(entry) ? plugins.get(entry.plugin)?.config?.options : undefined
  return options === undefined || further.length === 0 ? [file as unknown as JsonSchema, way] : [options as unknown as JsonSchema, further]
}

/** Pointers of all that the schemas of the file and of its plugins call secret. */
function * secretPlaces (value: Record<string, unknown>, { file }: Composition, plugins: LoadedPlugins): Generator<string> {
  yield * secretPointers(file as unknown as JsonSchema, value, '')
  for (const [pointer, entry] of uses(value)) {
    const options = plugins.get(entry.plugin)?.config?.options
    if (options !== undefined) yield * secretPointers(options as unknown as JsonSchema, entry, pointer)
  }
}
