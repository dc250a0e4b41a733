/** HMAC signatures: admits requests that are signed with a shared secret, such as webhooks. */

import fp from 'fastify-plugin'
import {
  type Admitted, authentication, type AuthenticatorFactory, type Exchange, freezeClaims, GatewayError,
  type PluginConfig, readBody, refuse, type Refused, type RequestFields, type Verdict
} from '../../../src/index.ts'
import { parameters } from './field.ts'
import { checkHmacOptions, HmacOptionsSchema, type HmacOptions } from './options.ts'
import { fits, readSignature } from './signature.ts'
import { compileSigned } from './signed-parts.ts'

/** The options of the policy. */
export const config = { options: HmacOptionsSchema, checkOptions: checkHmacOptions } satisfies PluginConfig

/** During a rotation of secrets there are a few signatures. More would be work that any client can cause. */
const mostSignatures = 10

const noBody = Buffer.alloc(0)

/** Creates the function that checks the signature of a request. */
export const authenticator: AuthenticatorFactory<HmacOptions> = (app, options) => {
  const { clock, config: { server }, rehearsal } = app.gateway
  const { secrets, algorithm, encoding, prefix, parameter, timestamp, maxBody, consumer } = options
  const header = options.header.toLowerCase()
  const timeHeader = timestamp?.header?.toLowerCase()
  const signed = compileSigned(options.signed, options.separator)
  const readsBody = options.signed.includes('body')

  const challenge = { 'www-authenticate': `Signature realm="${server.name}", header="${header}"` }
  const refusal = (code: 'missing-token' | 'invalid-token', why: string): Refused =>
    refuse(new GatewayError(code, { headers: challenge, cause: new Error(why) }), why, code === 'invalid-token')
  const admitted: Admitted = {
    admitted: true,
    why: 'the signature fits',
    ...(consumer === undefined ? {} : { claims: freezeClaims({ sub: consumer, consumer }) })
  }
  const unjudged: Admitted = { ...admitted, unknown: true, why: 'the signature covers the body, and a rehearsal has none' }

  const readTime = (fields: RequestFields, field: string): string | undefined => {
    if (timestamp === undefined) return ''
    if (timeHeader !== undefined) return fields.only(timeHeader) ?? undefined
    const [first, second] = parameters(field, timestamp.parameter!)
    return second === undefined ? first : undefined
  }

  /** Why a timestamp is invalid, or too far from now. */
  const whyNotNow = (text: string): string | undefined => {
    if (timestamp === undefined) return undefined
    if (!/^\d{1,15}$/.test(text)) return 'the timestamp is no number'
    const age = clock.wall() - Number(text) * (timestamp.unit === 's' ? 1000 : 1)
    return Math.abs(age) > timestamp.tolerance ? `the timestamp is ${age > 0 ? 'too old' : 'in the future'}` : undefined
  }

  const judge = (exchange: Exchange, time: string, signatures: readonly Buffer[], body: Buffer): Verdict => {
    const parts = signed(exchange, time, body)
    if ('missing' in parts) return refusal('invalid-token', `not signed whole: ${parts.missing} is not there once`)
    return fits(parts, signatures, secrets, algorithm) ? admitted : refusal('invalid-token', 'the signature does not fit')
  }

  const judgeLater = async (exchange: Exchange, time: string, signatures: readonly Buffer[]): Promise<Verdict> => {
    let body: Buffer
    try {
      body = await readBody(exchange, maxBody)
    } catch (error) {
      if (error instanceof GatewayError) return refuse(error, error.reason.title, true)
      throw error
    }
    return judge(exchange, time, signatures, body)
  }

  return ({ exchange }) => {
    const { fields } = exchange
    if (exchange.headers[header] === undefined) return refusal('missing-token', `no signature in header ${header}`)
    const field = fields.only(header)
    if (field === undefined || field === null) return refusal('invalid-token', 'more than one field with a signature')
    const whole = field.startsWith(prefix) ? [field.slice(prefix.length)] : []
    const written = parameter === undefined ? whole : parameters(field, parameter).slice(0, mostSignatures)
    const signatures = written.map(text => readSignature(text, algorithm, encoding)).filter(bytes => bytes !== undefined)
    if (signatures.length === 0) return refusal('invalid-token', `not a signature of ${algorithm} in ${encoding}`)
    const time = readTime(fields, field)
    if (time === undefined) return refusal('invalid-token', 'the timestamp is not there once')
    // Checked before the body is read, so that an old recorded request takes no memory.
    const why = whyNotNow(time)
    if (why !== undefined) return refusal('invalid-token', why)
    if (!readsBody) return judge(exchange, time, signatures, noBody)
    return rehearsal ? unjudged : judgeLater(exchange, time, signatures)
  }
}

export default fp(authentication(authenticator), { name: 'hmac-signature', fastify: '5.x' })
