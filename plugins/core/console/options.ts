/** `console`: the page of the admin listener for people. */

import Type, { type Static } from '#typebox'

export const ConsoleSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether the admin listener has the console and the routes that only it needs.' })
}, { additionalProperties: false, default: {}, description: 'The console: what the gateway shows, and lets operators do, in a browser.' })

export type ConsoleOptions = Static<typeof ConsoleSchema>
