/** `console`: the page of the admin listener for people. */

import Type, { type Static } from '#typebox'
import type { Config, Report } from '../../../src/index.ts'
import { traceUrlProblem } from './trace-url.ts'

export const ConsoleSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether the admin listener has the console and the routes that only it needs.' }),
  requests: Type.Integer({
    default: 300,
    minimum: 0,
    maximum: 5000,
    description: 'How many of the last requests each thread keeps for `/requests`: so many that went well, and so many that failed or ' +
      'were refused. With 0 none.'
  }),
  traceUrl: Type.Optional(Type.String({
    minLength: 1,
    description: 'Address of a trace for people: `{traceId}` in it is replaced. Requests whose trace is sampled have it as a link.',
    examples: ['https://jaeger.example/trace/{traceId}']
  }))
}, { additionalProperties: false, default: {}, description: 'The console: what the gateway shows, and lets operators do, in a browser.' })

export type ConsoleOptions = Static<typeof ConsoleSchema>

/** Reports a `traceUrl` that is not a valid URL. */
export function checkConsole ({ console: { traceUrl } }: Config, report: Report): void {
  const problem = traceUrl === undefined ? undefined : traceUrlProblem(traceUrl)
  if (problem === undefined) return
  report({ pointer: '/console/traceUrl', message: problem, hint: 'such as https://jaeger.example/trace/{traceId}' })
}
