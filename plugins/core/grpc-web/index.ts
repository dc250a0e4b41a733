/** gRPC-Web: calls of web pages, in binary or as text, become calls of gRPC on every route with `grpc`. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import {
  type Exchange, GatewayError, readBody, type ResponseFields, responseStage, setUpstreamField
} from '../../../src/index.ts'
import { grpcForm, withGrpcForm } from '../../../src/http/index.ts'
import { readBase64, WebBody } from './web-body.ts'

async function grpcWeb (app: FastifyInstance): Promise<void> {
  const { server } = app.gateway.config
  const stage = responseStage({ fields, transform, end })

  app.addHook('onRoute', route => {
    const config = route.config?.route?.config
    if (config?.grpc === undefined) return
    const limit = config.limits?.body ?? server.limits.body
    const translate = async ({ exchange }: { readonly exchange: Exchange }): Promise<void> => {
      if (isWeb(exchange)) await toCall(exchange, limit)
    }
    route.preHandler = [route.preHandler ?? [], translate].flat()
    route.onSend = [route.onSend ?? [], stage].flat()
  })
}

/** Changes the request to one of gRPC. The exchange keeps the media type of its client. */
async function toCall (exchange: Exchange, limit: number): Promise<void> {
  const { fields, headers, grpc } = exchange
  setUpstreamField(exchange, 'content-type', withGrpcForm(headers['content-type']!, 'grpc'))
  fields.drop('te')
  setUpstreamField(exchange, 'te', 'trailers')
  fields.drop('x-grpc-web')
  if (grpc !== 'web-text' || !exchange.hasBody) return
  const body = readBase64(await readBody(exchange, limit))
  if (body === undefined) throw new GatewayError('invalid-body', { detail: 'the body is not in base64' })
  exchange.body = body
  fields.drop('transfer-encoding')
  fields.set('content-length', String(body.length))
}

/** Whether the client is a web page, and the response is one of gRPC and not one of the gateway. */
function isTranslated (exchange: Exchange, response: ResponseFields): boolean {
  return isWeb(exchange) && !exchange.ownResponse && grpcForm(String(response.getHeader('content-type'))) !== undefined
}

function isWeb ({ grpc }: Exchange): boolean {
  return grpc !== undefined && grpc !== 'grpc'
}

function fields (exchange: Exchange, response: ResponseFields): void {
  if (!isTranslated(exchange, response)) return
  response.header('content-type', withGrpcForm(String(response.getHeader('content-type')), exchange.grpc!))
}

function transform (exchange: Exchange, response: ResponseFields): WebBody | undefined {
  // Without messages, the status is among the header fields, where web pages look for it too.
  if (!isTranslated(exchange, response) || response.hasHeader('grpc-status')) return undefined
  return new WebBody(exchange.grpc === 'web-text', () => exchange.response!.trailers ?? {})
}

/** They are in the body. */
function end (exchange: Exchange, trailers: [name: string, value: string][]): void {
  if (isWeb(exchange)) trailers.length = 0
}

export default fp(grpcWeb, { name: 'grpc-web', fastify: '5.x' })
