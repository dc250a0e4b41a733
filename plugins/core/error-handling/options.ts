/** The `errorPages` part of gateway.yaml, and what is wrong with it. */

import Type, { type Static } from '#typebox'
import { reasons, type Report } from '../../../src/index.ts'
import { safeHeaderValue } from '../../../src/http/index.ts'
import { child, nearest } from '../../../src/config/index.ts'
import { templateProblem } from './page-template.ts'

const someError = '4xx, 5xx, a status from 400 to 599 or a code such as rate-limited'

const ErrorPageSchema = Type.Object({
  for: Type.Array(Type.Union([
    Type.Integer({ minimum: 400, maximum: 599 }),
    Type.String({ pattern: '^(?:[45]xx|[a-z]+(?:-[a-z0-9]+)*)$', expected: someError })
  ], { expected: someError }), {
    minItems: 1,
    description: 'Errors that have this page: classes, statuses and codes. A code counts before a status, a status before a class.',
    examples: [['5xx', 429, 'not-found']]
  }),
  html: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 65_536,
    description: 'Page for clients that would rather have HTML than JSON. `${error.status}`, `${error.code}`, `${error.title}`, ' +
      '`${error.detail}` and `${request.id}` are filled in, escaped.',
    examples: ['${file:./pages/5xx.html}']
  })),
  json: Type.Optional(Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    description: 'Body for all others, sent as application/json, filled in likewise; a text that is `${error.status}` alone becomes ' +
      'the number. Unless set, and for clients that ask for application/problem+json, it is the problem document.',
    examples: [{ error: { code: '${error.code}', id: '${request.id}' } }]
  })),
  headers: Type.Record(Type.String(), Type.String(), {
    default: {},
    description: 'Further fields of the response.',
    examples: [{ 'content-security-policy': 'default-src \'none\'; style-src \'unsafe-inline\'' }]
  })
}, { additionalProperties: false })

export type ErrorPage = Static<typeof ErrorPageSchema>

export const ErrorPagesSchema = Type.Array(ErrorPageSchema, {
  default: [],
  description: 'Responses of your own in the place of the problem documents with which the gateway answers itself. Errors of upstreams ' +
    'are passed on as they are.'
})

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly errorPages: readonly ErrorPage[]
  }
}

/** Fields that say what went wrong, and whose they are: a page cannot take them away. */
const ofError: ReadonlySet<string> = new Set([
  'cache-control', 'connection', 'content-encoding', 'content-length', 'content-type', 'date', 'keep-alive',
  'proxy-status', 'retry-after', 'trailer', 'transfer-encoding', 'upgrade',
  'www-authenticate', 'x-request-id'
])

/** Every error has one page at most, a page says something, and what it says can be filled in. */
export function checkErrorPages (pages: readonly ErrorPage[], report: Report): void {
  const seen = new Set<string>()
  for (const [index, page] of pages.entries()) {
    const pointer = `/errorPages/${index}`
    if (page.html === undefined && page.json === undefined) report({ pointer, message: 'a page needs html, json or both' })
    for (const [place, error] of page.for.entries()) checkError(String(error), `${pointer}/for/${place}`, seen, report)
    const problem = page.html === undefined ? undefined : templateProblem(page.html)
    if (problem !== undefined) report({ pointer: `${pointer}/html`, message: problem })
    if (page.json !== undefined) checkJson(page.json, `${pointer}/json`, report)
    checkFields(page.headers, `${pointer}/headers`, report)
  }
}

function checkError (error: string, pointer: string, seen: Set<string>, report: Report): void {
  if (seen.has(error)) report({ pointer, message: `${error} has a page already` })
  seen.add(error)
  if (/^\d/.test(error) || Object.hasOwn(reasons, error)) return
  const near = nearest(error, Object.keys(reasons))
  report({
    pointer,
    severity: 'warning',
    message: `${error} is no code of the gateway (docs/reference/errors.md); only a plugin of your own can give it`,
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` })
  })
}

function checkJson (value: unknown, pointer: string, report: Report): void {
  if (typeof value === 'string') {
    const problem = templateProblem(value)
    if (problem !== undefined) report({ pointer, message: problem })
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkJson(inner, child(pointer, key), report)
  }
}

function checkFields (headers: Readonly<Record<string, string>>, base: string, report: Report): void {
  for (const [name, value] of Object.entries(headers)) {
    const pointer = child(base, name)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) report({ pointer, at: 'key', message: 'this cannot be the name of a header field' })
    else if (ofError.has(name.toLowerCase())) report({
      pointer,
      at: 'key',
      message: `${name} is what the gateway says about the error, and stays`
    })
    else if (safeHeaderValue(value) === undefined) report({ pointer, message: 'this cannot be the value of a header field' })
  }
}
