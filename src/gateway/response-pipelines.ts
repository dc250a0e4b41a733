/** The response pipelines of an app: for each route, what its `onSend` hooks come to. */

import type { FastifyInstance, RouteOptions } from 'fastify'
import type { ResponsePipeline, ResponseStage } from '../contract/response-stage.ts'
import type { Route } from '../contract/route.ts'
import type { Steps } from '../scheduling/steps.ts'
import { stageOf } from '../exchange/response-stage.ts'
import { ResponseHooks } from './response-hooks.ts'

type Open = { -readonly [K in keyof ResponsePipeline]: ResponsePipeline[K] }

/** One array for all routes without stages. */
const none: readonly ResponseStage[] = []

export class ResponsePipelines {
  readonly #scopes = new Map<FastifyInstance, ResponseHooks>()
  readonly #pipelines = new Map<Route, Open>()
  readonly #routes: { readonly scope: FastifyInstance, readonly options: RouteOptions, readonly route: Route }[] = []

  /** Notes the routes of the file when they are added. Hooks that plugins add to a route later are in its options. */
  watch (app: FastifyInstance): void {
    const routes = this.#routes
    app.addHook('onRoute', function (options) {
      const route = options.config?.route
      if (route !== undefined) routes.push({ scope: this, options, route })
    })
  }

  /** The response hooks of a scope. */
  hooksOf (scope: FastifyInstance): ResponseHooks {
    let hooks = this.#scopes.get(scope)
    if (hooks === undefined) this.#scopes.set(scope, hooks = new ResponseHooks(scope))
    return hooks
  }

  /** The pipeline of a route. It goes through Fastify until it is compiled. */
  of (route: Route): ResponsePipeline {
    let pipeline = this.#pipelines.get(route)
    if (pipeline === undefined) this.#pipelines.set(route, pipeline = { direct: false, stages: none })
    return pipeline
  }

  /** Compiles all pipelines, when every route and every hook of `app` and its scopes is there. */
  * compile (app: FastifyInstance): Steps<void> {
    const outer = this.hooksOf(app).onSend
    for (const { scope, options, route } of this.#routes) {
      const inner = scope === app ? [] : this.hooksOf(scope).onSend
      const hooks = [...inner, ...outer, ...[options.onSend ?? []].flat()]
      const stages = hooks.map(stageOf).filter(stage => stage !== undefined)
      Object.assign(this.of(route), { direct: stages.length === hooks.length, stages: stages.length === 0 ? none : stages })
      yield
    }
    this.#routes.length = 0
  }
}
