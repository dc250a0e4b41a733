/** Loads a configuration: reads the file, loads its plugins, validates it against the composed schema, and checks it. */

import { readFileSync } from 'node:fs'
import { systemClock } from '../contract/clock.ts'
import type { PluginModule, Report } from '../contract/plugin.ts'
import type { LoadedPlugins } from '../gateway/policies.ts'
import { inPieces, sorted, type Steps } from '../scheduling/steps.ts'
import { checkAcme } from './check/check-acme.ts'
import { AuthenticationCheck } from './check/check-authentication.ts'
import {
  checkAnswers, checkConnections, checkDns, checkNetworks, checkRedaction, checkReferences, checkTargets, checkThreads
} from './check/check.ts'
import { composeSchema, type Composition } from './schema/compose.ts'
import { folderOf, type ConfigSource } from './read/config-source.ts'
import { readInSteps, type Document } from './read/document.ts'
import type { KeptFiles } from './read/kept-files.ts'
import type { Override } from './read/overrides.ts'
import { expandGrpcRoutes } from './grpc-routes.ts'
import { fitVariables } from './read/fit-variables.ts'
import { checkSets, faultProblem, loadPlugins, schemaFor, secretPlaces, validateOptions, withPluginEntries } from './plugin-entries.ts'
import { readUpstreamTls } from './certificates/upstream-tls.ts'
import { checkListeners, fillListeners } from './listeners.ts'
import { child } from './pointer.ts'
import { ConfigRefused } from './check/config-refused.ts'
import { byPlace, ConfigError, withoutFollowUpsInSteps, type Problem } from './check/problem.ts'
import { redactorOf, secretNames, type Redactor } from './show/redactor.ts'
import type { SeenFiles } from './read/text-file.ts'
import type { Config } from './types.ts'
import { validate, validateFile } from './check/validate.ts'

/** A valid configuration and what was found while it was loaded. */
export interface Loaded {
  readonly config: Config
  readonly document: Document
  /** The files that it was made from, and their content then: those of the configuration, and the code of plugins. */
  readonly watched: SeenFiles
  /** Those of them that are code of plugins. */
  readonly code: SeenFiles
  readonly plugins: LoadedPlugins
  readonly schema: Composition
  /** The folder to which paths in the configuration are relative, absolute. */
  readonly folder: string
  readonly warnings: readonly Problem[]
  /** Removes its secrets from what is shown. */
  readonly redactor: Redactor
}

export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values in place of those of the files. */
  readonly overrides?: readonly Override[]
  /** The root plugins, whose keys are part of every file. */
  readonly rootPlugins: readonly PluginModule[]
  /** Plugins that a program has registered, by their names. */
  readonly plugins?: LoadedPlugins
  /** Whether requests are served meanwhile. A large file is then parsed in a thread. */
  readonly serving?: boolean
  /** Its files as they were, read in place of those on disk. */
  readonly kept?: KeptFiles | undefined
}

const noPlugins: LoadedPlugins = new Map()

/**
 * Loads a configuration.
 * @throws ConfigRefused with every problem that was found, each with its place
 */
export async function loadConfig (main: ConfigSource, options: LoadOptions): Promise<Loaded> {
  // A reload happens while requests are served, so the work is done in pieces.
  const where = options.serving === true ? 'beside' : 'here'
  const { env, overrides = [], kept } = options
  const { document, problems, files, source } = await inPieces(readInSteps(main, { env, overrides, kept }), where)
  if (document === undefined) throw new ConfigRefused(problems, files, source)
  const found = [...problems, ...secretNames(document)]
  const value = withPluginEntries(document.value)
  const folder = folderOf(main)
  const { rootPlugins, plugins: registered = noPlugins } = options
  const { plugins, code } = await loadPlugins(value, { folder, registered, rootPlugins }, found)
  const watched = new Map([...files, ...code])
  // One plugin may be named in two ways.
  const modules = [...new Set([...rootPlugins, ...plugins.values()])]
  const schema = composeSchema(modules)
  fitVariables(value, document.variables, path => schemaFor(path, value, schema.file, plugins))
  const redactor = redactorOf(document, secretPlaces(value, schema.file, plugins))
  const validated = await inPieces(validateFile(schema.file, value, document.secrets))
  const config = validated.value as Config
  // Not as arguments of one call: there may be more of them than a call can have.
  for (const problem of validated.problems) found.push(problem)
  try {
    for (const problem of validateOptions(config, plugins, document.secrets, base => report(found, base))) found.push(problem)
    await checkAll(config, schema, plugins, modules, found)
    if (isSound(found)) checkListeners(config, Object(value)['server'], { folder, now: systemClock.wall(), report: report(found) })
    if (isSound(found)) {
      readUpstreamTls(config.upstreams, { folder, files: watched, report: report(found), now: systemClock.wall() })
    }
    if (isSound(found)) fillListeners(config, folder)
  } catch (error) {
    found.push(faultProblem(error, value))
  }
  const placed = await inPieces(inOrder(found, document, redactor))
  const errors = placed.filter(({ severity }) => severity === 'error')
  // Warnings about unused names or hidden routes may only be a consequence of the errors.
  if (errors.length > 0) throw new ConfigRefused(errors, watched, redactor.source(withCode(source, errors)))
  return { config, document, watched, code, plugins, schema, folder, warnings: placed, redactor }
}

/** The texts of the files that problems are in: those of the configuration, and the code of plugins. */
function withCode (source: ConfigRefused['source'], problems: readonly Problem[]): ConfigRefused['source'] {
  const files = new Set(problems.map(({ position }) => position?.file))
  return file => source(file) ?? (files.has(file) ? readCode(file) : undefined)
}

function readCode (file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

async function checkAll (
  config: Config,
  schema: Composition,
  plugins: LoadedPlugins,
  modules: readonly PluginModule[],
  found: Problem[]
): Promise<void> {
  // The checks rely on values that match their schemas.
  const valid = isSound(found)
  if (valid) {
    addShorthandUpstreams(config, schema, found)
    expandGrpcRoutes(config, report(found))
  }
  await inPieces(checkAnswers(config, modules.flatMap(module => module.config?.answers ?? []), report(found)))
  checkTargets(config, ['url', ...modules.flatMap(module => module.config?.finds ?? [])], report(found))
  await inPieces(checkPolicies(config, plugins, found))
  if (!valid) return
  checkSets(config, plugins)
  checkRedaction(config, report(found))
  checkNetworks(config, report(found))
  checkConnections(config, report(found))
  checkThreads(config, report(found))
  checkDns(config, report(found))
  checkAcme(config, report(found))
  await inPieces(runChecks(config, modules, found))
}

/** Adds the places to the problems of an error that occurred while an app was built. Other errors are returned as they are. */
export function placeProblems (error: unknown, { document, watched, redactor }: Loaded): unknown {
  if (!(error instanceof ConfigError)) return error
  if (error instanceof ConfigRefused) {
    // It is about a file of a policy and has its places already. A change of either file is a reason to try again.
    const files = new Map([...watched, ...error.files])
    return new ConfigRefused(error.problems, files, file => document.source(file) ?? error.source(file), { cause: error.cause })
  }
  const problems = error.problems.map(problem => place(problem, document, redactor))
  return new ConfigRefused(problems, watched, redactor.source(file => document.source(file)), { cause: error.cause })
}

/** The same with further warnings, which were found while an app was built. */
export function withWarnings (loaded: Loaded, warnings: readonly Problem[]): Loaded {
  if (warnings.length === 0) return loaded
  const placed = warnings.map(problem => place(problem, loaded.document, loaded.redactor))
  return { ...loaded, warnings: [...loaded.warnings, ...placed].toSorted(byPlace) }
}

/** Adds an upstream for each `target` of a route, named by its URL. */
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

/** Checks names and authentication. Policies are asked about their options only where these are valid. */
function * checkPolicies (config: Config, plugins: LoadedPlugins, problems: Problem[]): Steps<void> {
  const sound = isSound(problems)
  const authentication = new AuthenticationCheck(config, plugins)
  const policies = Object.keys(config.policies ?? {})
  const used = sound ? policies.flatMap(name => authentication.usesOf(name).map(use => use.name)) : policies
  yield * checkReferences(config, used, report(problems))
  if (!sound) return
  authentication.checkUses(report(problems))
  yield * authentication.checkRoutes(report(problems))
  yield * authentication.checkPreflights(report(problems))
  yield * authentication.checkClaims(report(problems))
}

function isSound (problems: readonly Problem[]): boolean {
  return !problems.some(({ severity }) => severity === 'error')
}

/** Runs the checks of the plugins. One may throw where a name is unknown; the problem about the name is then enough. */
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

function report (problems: Problem[], base = ''): Report {
  return problem => problems.push({ severity: 'error', ...problem, pointer: base + problem.pointer })
}

/** The longest message that is shown whole. Some repeat text of the file. */
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
  const text = redactor.text(problem.message)
  const message = text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text
  return {
    ...problem,
    message,
    ...(problem.hint === undefined ? {} : { hint: redactor.text(problem.hint) }),
    ...(position === undefined ? {} : { position })
  }
}
