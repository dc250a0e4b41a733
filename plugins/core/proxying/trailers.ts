/** The trailer fields that a client gets after the body of a target's response. */

import type { Exchange, ResponsePipeline, Route } from '../../../src/index.ts'
import { listHas, passableTrailers } from '../../../src/http/index.ts'

type Trailers = [name: string, value: string][]

/** Of most responses. */
const none: Trailers = []

/** Returns the trailers of an exchange whose response is complete. Call it once: stages take part. */
export type TrailersOf = (exchange: Exchange) => Trailers

/** Compiles what becomes of trailers on a route. They are sent to clients that say that they accept them. */
export function compileTrailers ({ config }: Route, pipeline: ResponsePipeline): TrailersOf {
  const removed = new Set((config.responseHeaders?.remove ?? []).map(name => name.toLowerCase()))
  return exchange => {
    const { headers: { te }, response } = exchange
    const accepted = te !== undefined && listHas(te, 'trailers')
    if (!accepted && pipeline.stages.length === 0) return none
    const passed = accepted && response!.trailers !== undefined ? passableTrailers(response!.trailers, removed) : []
    for (const stage of pipeline.stages) end(stage, exchange, passed)
    return accepted ? passed : none
  }
}

function end (stage: ResponsePipeline['stages'][number], exchange: Exchange, trailers: Trailers): void {
  try {
    stage.end?.(exchange, trailers)
  } catch (error) {
    exchange.request!.log.error({ err: error }, 'a stage failed at the end of a response')
  }
}
