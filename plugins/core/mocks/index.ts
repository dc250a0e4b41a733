/** Mock services in the gateway's process, for trying it out without real upstreams. */

import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from '#typebox'
import { Enum, type PluginConfig } from '../../../src/index.ts'

const strict = { additionalProperties: false } as const

const MocksSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether they are started.' }),
  services: Type.Array(Type.Object({
    service: Enum(['users', 'orders'], { description: 'Which service.' }),
    name: Type.String({ minLength: 1, description: 'Name of the service in `x-served-by`.' }),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'Port on loopback.' })
  }, strict), { description: 'The services.' }),
  traces: Type.Optional(Type.String({
    pattern: '^https?://[^/]+/?$',
    expected: 'an origin such as http://localhost:4318',
    description: 'Collector that receives their spans by OTLP/HTTP, as part of the gateway\'s traces. `OTEL_EXPORTER_OTLP_ENDPOINT` ' +
      'unless set.',
    examples: ['http://localhost:4318']
  }))
}, { ...strict, description: 'Mock services for trying things out, each an HTTP server on loopback.' })

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly mocks?: Static<typeof MocksSchema>
  }
}

export const config = { root: { mocks: Type.Optional(MocksSchema) } } satisfies PluginConfig

async function mocks (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const { mocks } = gateway.config
  // All threads use the services of the control thread, which starts before the others.
  if (mocks?.enabled !== true || gateway.rehearsal || gateway.threads.role === 'data') return
  const traces = mocks.traces ?? gateway.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  const traced = traces ? { traces } : {}
  for (const { service, name, port } of mocks.services) {
    // Where they are not wanted they need not even be there.
    const { [service]: start } = await import(`../../../mocks/${service}.ts`) as Record<string, (options: {
      name: string,
      port: number,
      traces?: string
    }) => Promise<{ close (): Promise<void> }>>
    const started = gateway.resource({
      kind: 'mock',
      key: name,
      options: { service, port, ...traced },
      create: () => start!({ name, port, ...traced }),
      close: async running => await (await running.catch(() => undefined))?.close()
    })
    await started.catch((error: unknown) => {
      throw new Error(`the stand-in service ${name} cannot listen on port ${port}: ${(error as Error).message}`, { cause: error })
    })
  }
}

export default fp(mocks, { name: 'mocks', fastify: '5.x' })
