/**
 * Fastify's own compilers of schemas, loaded with the first route that has a schema, instead of with every app.
 *
 * Relies on: Fastify's default compilers are what `@fastify/ajv-compiler` and `@fastify/fast-json-stringify-compiler` make without
 * options, and it loads neither where both are given.
 * Checked with fastify 5.12.8.
 * Without it: 30 more modules and 6 MB for schemas that no built-in plugin has.
 */

import { createRequire } from 'node:module'
import type { FastifyServerOptions } from 'fastify'

type Factory = (...given: unknown[]) => unknown

const require = createRequire(createRequire(import.meta.url).resolve('fastify'))

/** The option of this name of an app. */
export const schemaController = {
  compilersFactory: {
    buildValidator: lazily('@fastify/ajv-compiler'),
    buildSerializer: lazily('@fastify/fast-json-stringify-compiler')
  }
} as NonNullable<FastifyServerOptions['schemaController']>

function lazily (compiler: string): Factory {
  let factory: Factory | undefined
  return (...args) => {
    factory ??= (require(compiler) as () => Factory)()
    return factory(...args)
  }
}
