/** The public API for transports: `import { … } from 'onedoor/transport'`. Sends an exchange to its upstream and returns the response. */

export type { Outgoing } from '../contract/transport.ts'
export { hasBody, runStages } from '../exchange/response-stage.ts'
export { receive } from '../exchange/buffered-body.ts'
export { exchangeKey, exchangeOf } from '../exchange/exchange.ts'
export { endRequests } from '../listeners/connection.ts'
export { batchWrite } from '../scheduling/write-batch.ts'
export { removeFields } from './attempt-fields.ts'
export type { ConnectionOptions } from './connection-options.ts'
export { classify, failureGroups } from './failure.ts'
export { createClient } from './reply-from-client.ts'
export { prepareRetries } from './retry/retry.ts'
export { selectFirst } from '../upstream/fallback.ts'
