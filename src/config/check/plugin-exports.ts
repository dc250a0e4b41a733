/** Checks the export `config` of a plugin that is not built in: its keys, and what its functions return. */

import type { PluginConfig, PluginModule } from '../../contract/plugin.ts'
import { nearest } from './nearest.ts'
import { guardFunction, isFunctionKey, isListOf, isMapping, isText, shown, textOf } from './plugin-functions.ts'
import { checkGrammar, validatorOf } from './validator.ts'

/** What is wrong with an export. */
export interface ExportProblem {
  readonly message: string
  readonly hint?: string
}

/** A module whose `config` has nothing but usable keys, and what was wrong with the others. */
export interface CheckedModule {
  readonly module: PluginModule
  readonly problems: readonly ExportProblem[]
}

/** An example of each function, for those that are written as a value. */
const examples: Readonly<Record<string, string>> = {
  sets: 'sets: () => [\'x-user\']',
  uses: 'uses: options => [{ pointer: \'/policy\', name: options.policy }]',
  authenticates: 'authenticates: () => true',
  claims: 'claims: () => \'needed\'',
  check: 'check (config, report) { … }',
  checkOptions: 'checkOptions (options, report) { … }'
}

const keys: Readonly<Record<keyof PluginConfig, (value: unknown, key: string) => ExportProblem | undefined>> = {
  options: optionsProblem,
  root: schemasProblem,
  server: schemasProblem,
  upstream: schemasProblem,
  target: schemasProblem,
  route: schemasProblem,
  answers: namesProblem,
  finds: namesProblem,
  sets: functionProblem,
  uses: functionProblem,
  authenticates: functionProblem,
  claims: functionProblem,
  answersPreflight: value => typeof value === 'boolean' ? undefined : expected('true or false', value),
  check: functionProblem,
  checkOptions: functionProblem
}

const checked = new WeakMap<PluginModule, CheckedModule>()

/** Checks the exports of a plugin. The same module gives the same result again, so what is compiled for it is reused. */
export function checkExports (plugin: string, module: PluginModule): CheckedModule {
  let result = checked.get(module)
  if (result === undefined) checked.set(module, result = check(plugin, module))
  return result
}

function check (plugin: string, { config, ...others }: PluginModule): CheckedModule {
  const problems: ExportProblem[] = []
  const add = (name: string, { message, hint }: ExportProblem): void => {
    problems.push({ message: `plugin "${plugin}": ${name} ${message}`, ...(hint === undefined ? {} : { hint }) })
  }
  const module = { ...others }
  if (others.authenticator !== undefined && typeof others.authenticator !== 'function') {
    add('the export "authenticator"', expected('a function', others.authenticator))
    delete module.authenticator
  }
  if (config === undefined) return { module, problems }
  if (!isMapping(config)) {
    add('the export "config"', expected('a mapping', config, 'export const config = { options: Type.Object({ … }) }'))
    return { module: { ...module, config: {} }, problems }
  }
  const sound: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) continue
    if (!Object.hasOwn(keys, key)) {
      const near = nearest(key, Object.keys(keys))
      add('the export "config"', {
        message: `has the unknown key "${key}"`,
        hint: near === undefined ? `its keys are ${Object.keys(keys).join(', ')}` : `did you mean "${near}"?`
      })
      continue
    }
    const problem = keys[key as keyof PluginConfig](value, key)
    if (problem === undefined) sound[key] = isFunctionKey(key) ? guardFunction(plugin, config, key, value as never) : value
    else add(`"config.${key}"`, problem)
  }
  return { module: { ...module, config: sound }, problems }
}

function optionsProblem (value: unknown): ExportProblem | undefined {
  if (isMapping(value) && value['type'] === 'object' && isMapping(value['properties'])) return invalidSchema(value)
  const properties = isMapping(value) && typeof value['type'] !== 'string' && Object.values(value).every(isSchema)
  return expected('a Type.Object({ … })', value, properties ? 'write options: Type.Object({ … })' : undefined)
}

function schemasProblem (value: unknown, key: string): ExportProblem | undefined {
  if (isMapping(value) && value['type'] === 'object' && isMapping(value['properties'])) {
    return { message: 'must be a mapping of keys to schemas, got the schema of one', hint: `write ${key}: { … } without Type.Object` }
  }
  if (!isMapping(value)) return expected('a mapping of keys to schemas', value, `${key}: { mine: Type.Optional(Type.String()) }`)
  for (const [name, schema] of Object.entries(value)) {
    const problem = isSchema(schema) ? invalidSchema(schema) : expected('a schema', schema, `${name}: Type.Optional(Type.String())`)
    if (problem !== undefined) return { ...problem, message: `has a problem: "${name}" ${problem.message}` }
  }
  return undefined
}

function namesProblem (value: unknown, key: string): ExportProblem | undefined {
  return isListOf(value, isText) ? undefined : expected('a list of names', value, `${key}: ['mine']`)
}

function functionProblem (value: unknown, key: string): ExportProblem | undefined {
  return typeof value === 'function' ? undefined : expected('a function', value, `write ${examples[key]!}`)
}

function expected (what: string, value: unknown, hint?: string): ExportProblem {
  return { message: `must be ${what}, got ${shown(value)}`, ...(hint === undefined ? {} : { hint }) }
}

function isSchema (value: unknown): value is object {
  return isMapping(value)
}

/** Schemas are compiled later again, with others around them, and are valid then. */
function invalidSchema (schema: object): ExportProblem | undefined {
  try {
    checkGrammar(schema)
    validatorOf(schema)
    return undefined
  } catch (error) {
    return { message: `is no valid schema: ${textOf(error)}` }
  }
}
