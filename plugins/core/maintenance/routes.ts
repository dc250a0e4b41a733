/** `GET /maintenance` and `PUT /maintenance?on=true|false` on the admin listener. */

import { type GatewayApi, GatewayError, signatureOf } from '../../../src/index.ts'
import type { Switch } from './switch.ts'

/** The most characters of a reason. */
const longestReason = 200

/** Adds the routes. `PUT` is idempotent; the responses contain the current state. */
export function addMaintenanceRoutes ({ admin, events }: GatewayApi, state: Switch): void {
  const describe = () => ({ on: state.on, configured: state.configured, switched: state.switched })

  admin.get('/maintenance', describe)
  admin.put('/maintenance', request => {
    const { on, reason } = request.query as Readonly<Record<string, unknown>>
    if (on !== 'true' && on !== 'false') throw new GatewayError('bad-request', { detail: 'give ?on=true or ?on=false' })
    if (reason !== undefined && (typeof reason !== 'string' || reason.length > longestReason)) {
      throw new GatewayError('bad-request', { detail: `\`reason\` must be one text of at most ${longestReason} characters` })
    }
    const wanted = on === 'true'
    if (state.switched !== wanted) {
      state.switched = wanted
      events.emit({ type: wanted ? 'maintenance-started' : 'maintenance-ended', ...signatureOf(request), reason })
    }
    return describe()
  })
}
