/** Response stages: as hooks of Fastify, and for the responses of targets without it. */

import { Readable, type Duplex } from 'node:stream'
import type { FastifyReply, onSendHookHandler } from 'fastify'
import type { BodyObserver, ResponseFields, ResponseStage } from '../contract/response-stage.ts'
import { GatewayError, reasons } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { TargetResponse } from '../contract/response.ts'

type Body = TargetResponse['body']

const stageKey = Symbol('onedoor.responseStage')

/**
 * Makes a stage an `onSend` hook, for `app.addHook` or for a single route. A route all of whose hooks are stages sends
 * the responses of its targets without Fastify, which is faster.
 */
export function responseStage (stage: ResponseStage): onSendHookHandler {
  const onlyFields = stage.tee === undefined && stage.transform === undefined
  const hook: onSendHookHandler = ({ exchange }, reply, payload, done) => {
    const given = unpack(reply, payload)
    stage.fields?.(exchange, reply)
    done(null, onlyFields ? given : passPayload(stage, exchange, reply, given))
  }
  return withStage(hook, stage)
}

/** Marks a hook as one that does what `stage` does. */
export function withStage (hook: onSendHookHandler, stage: ResponseStage): onSendHookHandler {
  return Object.assign(hook, { [stageKey]: stage })
}

/** The stage of a hook, if it was made from one. */
export function stageOf (hook: unknown): ResponseStage | undefined {
  return (hook as { readonly [stageKey]?: ResponseStage })[stageKey]
}

/** Runs stages on the response of a target, in their order. Returns the body that is to be sent. */
export function runStages (
  stages: readonly ResponseStage[],
  exchange: Exchange,
  fields: ResponseFields
): Pick<TargetResponse, 'body' | 'ownership'> {
  const response = exchange.response!
  let { body } = response
  for (const stage of stages) {
    stage.fields?.(exchange, fields)
    body = passBody(stage, exchange, fields, body)
  }
  // What leaves a transform may be a piece of memory that the transform still uses.
  return { body, ownership: body === response.body ? response.ownership : 'borrowed' }
}

/** Whether a response has a body. Its Content-Length may speak of one that another request would get (RFC 9110 §8.6). */
export function hasBody ({ method }: Exchange, { statusCode }: ResponseFields): boolean {
  return statusCode !== 204 && statusCode !== 304 && method !== 'HEAD'
}

function passPayload (stage: ResponseStage, exchange: Exchange, fields: ResponseFields, payload: unknown): unknown {
  const body = bodyOf(payload)
  const passed = passBody(stage, exchange, fields, body)
  return passed === body && !(body instanceof Readable) ? payload : passed
}

/** The payload of a hook, where it is a Response its body: status and fields, which Fastify would take from it last, are set now. */
export function unpack (reply: FastifyReply, payload: unknown): unknown {
  if (!isResponse(payload)) return payload
  void reply.code(payload.status)
  for (const [name, value] of payload.headers) void reply.header(name, value)
  return payload.body ?? Buffer.alloc(0)
}

/** Without `instanceof`: the global `Response` loads Node's client for `fetch`. */
function isResponse (payload: unknown): payload is Response {
  return Object.prototype.toString.call(payload) === '[object Response]'
}

/** The body that a payload of Fastify stands for. */
export function bodyOf (payload: unknown): Body {
  if (payload instanceof Readable) return payload
  if (payload instanceof ReadableStream) return Readable.fromWeb(payload)
  return payload === undefined || payload === null ? [] : [Buffer.from(payload as string)]
}

function passBody (stage: ResponseStage, exchange: Exchange, fields: ResponseFields, body: Body): Body {
  if ((stage.tee === undefined && stage.transform === undefined) || !hasBody(exchange, fields)) return body
  const observer = stage.tee?.(exchange, fields)
  if (observer !== undefined) observe(observer, exchange, body)
  const transform = stage.transform?.(exchange, fields)
  if (transform === undefined) return body
  fields.removeHeader('content-length')
  return [transform].flat().reduce<Body>((passed, stream) => passThrough(stream, exchange, passed), body)
}

function observe (observer: BodyObserver, exchange: Exchange, body: Body): void {
  let failed = false
  const tell = (chunk?: Buffer): void => {
    if (failed) return
    try {
      if (chunk === undefined) observer.end?.()
      else observer.chunk(chunk)
    } catch (error) {
      failed = true
      exchange.request!.log.error({ err: error }, 'an observer of a response body failed')
    }
  }
  if (body instanceof Readable) {
    body.on('data', tell)
    body.once('end', tell)
    // A listener lets it flow, perhaps before the one who sends it listens.
    body.pause()
    return
  }
  for (const chunk of body) tell(chunk)
  tell()
}

function passThrough (transform: Duplex, exchange: Exchange, body: Body): Readable {
  const source = body instanceof Readable ? body : Readable.from(body)
  source.once('error', (error: Error) => transform.destroy(error))
  transform.once('error', (error: Error) => {
    if (exchange.over) return
    exchange.reason ??= reasons.internal
    exchange.cause ??= error
    // With a reason, or the target would be blamed for a body that broke off.
    source.destroy(new GatewayError(exchange.reason, { cause: error }))
  })
  exchange.onClose(() => transform.destroy())
  return source.pipe(transform)
}
