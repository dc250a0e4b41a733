/** Which responses may leave without Fastify is decided when the app is built. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import type { ResponsePipeline } from '../../src/contract/response-stage.ts'
import type { Route } from '../../src/contract/route.ts'
import { responseStage } from '../../src/exchange/response-stage.ts'
import { ResponsePipelines } from '../../src/gateway/response-pipelines.ts'
import { atOnce } from '../../src/scheduling/steps.ts'

const stage = (): ReturnType<typeof responseStage> => responseStage({ fields () {} })
const foreign = async (): Promise<void> => {}

type Hook = ReturnType<typeof responseStage> | typeof foreign

/** Compiles the pipeline of one route with hooks of the server, of its scope and of its own. */
async function compile (server: readonly Hook[], scoped: readonly Hook[], own: readonly Hook[] = []): Promise<ResponsePipeline> {
  const app = fastify({ exposeHeadRoutes: false })
  const route = {} as Route
  const pipelines = new ResponsePipelines()
  pipelines.watch(app)
  const add = async (scope: FastifyInstance, hooks: readonly Hook[]): Promise<void> => {
    for (const hook of hooks) {
      await pipelines.hooksOf(scope).register(undefined, async () => { scope.addHook('onSend', hook as typeof foreign) })
    }
  }
  await add(app, server)
  // Added after the pipelines watch, as by a plugin.
  app.addHook('onRoute', options => { if (own.length > 0) options.onSend = [...own] as (typeof foreign)[] })
  await app.register(async scope => {
    await add(scope, scoped)
    scope.get('/', { config: { route } }, () => 'ok')
    await pipelines.hooksOf(scope).release()
  })
  await pipelines.hooksOf(app).release()
  atOnce(pipelines.compile(app))
  await app.close()
  return pipelines.of(route)
}

test('a route without hooks is direct and has no stages', async () => {
  assert.deepEqual(await compile([], []), { direct: true, stages: [] })
})

test('stages run inside out: those of the scope, those of the server, those of the route alone', async () => {
  const [a, b, c, d, e] = Array.from({ length: 5 }, () => ({ fields () {} }))
  const pipeline = await compile([a, b].map(one => responseStage(one!)), [c, d].map(one => responseStage(one!)), [responseStage(e!)])
  assert.equal(pipeline.direct, true)
  assert.deepEqual(pipeline.stages.map(one => [a, b, c, d, e].indexOf(one as typeof a)), [3, 2, 1, 0, 4])
})

test('one hook that is no stage, wherever it is, sends a route through Fastify', async () => {
  for (const [server, scoped, own] of [
    [[foreign, stage()], [], []],
    [[stage()], [stage(), foreign], []],
    [[], [stage()], [foreign]]
  ] as const) {
    const { direct, stages } = await compile(server, scoped, own)
    assert.deepEqual([direct, stages.length], [false, server.length + scoped.length + own.length - 1])
  }
})

test('a route that is not compiled yet goes through Fastify', () => {
  assert.equal(new ResponsePipelines().of({} as Route).direct, false)
})
