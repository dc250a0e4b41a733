/** Response stages of plugins that are not built in: the exchange knows which one is running, and an error names it. */

import type { BodyObserver, ResponseStage } from '../contract/response-stage.ts'
import type { PluginHook } from '../contract/plugin-hook.ts'
import { reasons } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import { kernelSideOf } from './exchange.ts'

type Failed = (exchange: Exchange, at: PluginHook, error: unknown) => void

/** `failed` gets errors that the response does not show. */
export function guardStage (stage: ResponseStage, at: PluginHook, failed: Failed): ResponseStage {
  return {
    ...(stage.fields === undefined ? {} : { fields: (exchange, response) => run(at, exchange, () => stage.fields!(exchange, response)) }),
    ...(stage.tee === undefined ? {} : {
      tee: (exchange, response) => observed(run(at, exchange, () => stage.tee!(exchange, response)), error => failed(exchange, at, error))
    }),
    ...(stage.transform === undefined ? {} : {
      transform (exchange, response) {
        const streams = run(at, exchange, () => stage.transform!(exchange, response))
        for (const stream of [streams ?? []].flat()) stream.once('error', (error: Error) => blame(exchange, at, error, failed))
        return streams
      }
    }),
    ...(stage.end === undefined ? {} : {
      end (exchange, trailers) {
        try {
          stage.end!(exchange, trailers)
        } catch (error) {
          failed(exchange, at, error)
        }
      }
    })
  }
}

function run<T> (at: PluginHook, exchange: Exchange, work: () => T): T {
  const outer = exchange.running
  exchange.running = at
  try {
    const result = work()
    exchange.running = outer
    return result
  } catch (error) {
    // It stays the one that is running, and is not called again for the error document.
    kernelSideOf(exchange).failedHook = at
    throw error
  }
}

/** A transform that fails cuts a response that has begun. */
function blame (exchange: Exchange, at: PluginHook, error: Error, failed: Failed): void {
  // The gateway destroys it with the exchange.
  if (exchange.over || exchange.reason !== undefined) return
  exchange.reason = reasons['plugin-error']
  exchange.cause = error
  failed(exchange, at, error)
}

function observed (observer: BodyObserver | undefined, failed: (error: unknown) => void): BodyObserver | undefined {
  if (observer === undefined) return undefined
  let broken = false
  const told = (tell: () => void): void => {
    if (broken) return
    try {
      tell()
    } catch (error) {
      broken = true
      failed(error)
    }
  }
  return { chunk: chunk => told(() => observer.chunk(chunk)), end: () => told(() => observer.end?.()) }
}

