/** The key `server.maintenance`. */

import Type, { type Static } from '#typebox'
import { type Config, type Report, TimeSpan } from '../../../src/index.ts'
import { networkProblem } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'

const MaintenanceSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether maintenance is on. With `false` the other keys apply to `onedoor ' +
    'maintenance on`.' }),
  retryAfter: Type.Optional(TimeSpan({ minimum: '1s', description: 'Retry-After of the responses.', examples: ['10m'] })),
  message: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'The `detail` of the responses.', examples: [
    'Back at 22:00 UTC.'
  ] })),
  except: Type.Array(Type.String(), { default: [], maxItems: 10_000, description: 'Networks whose clients are served as usual, written ' +
    'as in `trustProxy`.', examples: [['10.0.0.0/8']] }),
  exceptPaths: Type.Array(Type.String({ pattern: '^/[^?#*]*(?:/\\*|[^?#*])?$', expected: 'a path such as /status or /status/*' }), {
    default: [],
    maxItems: 1000,
    description: 'Paths that are served as usual: exactly so, or all below a path that ends in `/*`.',
    examples: [['/health', '/.well-known/*']]
  })
}, { additionalProperties: false })

/** The value in the configuration. */
export type Maintenance = boolean | Static<typeof MaintenanceSchema>

export const MaintenanceKey = Type.Union([Type.Boolean(), MaintenanceSchema], {
  default: false,
  expected: 'true, false or a mapping',
  description: 'Responds 503 to all requests, with the code `maintenance`, for which `errorPages` may have a page. `onedoor maintenance ' +
    'on` does the same at runtime. The admin listener is not affected.',
  examples: [true, { retryAfter: '10m', except: ['10.0.0.0/8'] }]
})

/** The settings of a value. */
export function settingsOf (value: Maintenance): Static<typeof MaintenanceSchema> {
  return typeof value === 'boolean' ? { enabled: value, except: [], exceptPaths: [] } : value
}

/** Checks the networks. */
export function checkMaintenance ({ server: { maintenance } }: Config, report: Report): void {
  for (const [index, network] of settingsOf(maintenance).except.entries()) {
    const message = networkProblem(network)
    if (message !== undefined) report({ pointer: child('/server/maintenance/except', index), message })
  }
}
