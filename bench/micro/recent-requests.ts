/**
 * What it costs to keep an exchange for the console, in nanoseconds and bytes.
 *
 *   node bench/micro/recent-requests.ts
 */

import type { KeepRules } from '../../plugins/core/console/requests-record.ts'
import { RecentRequests } from '../../plugins/core/console/requests-ring.ts'
import { readShown } from '../../plugins/core/console/requests-shown.ts'
import type { Config } from '../../src/config/types.ts'
import { sampleExchange } from '../../test/access-log/sample-exchange.ts'
import { measure } from './measure.ts'

const config = { accessLog: { fields: { include: ['query'], exclude: [], rename: {} } }, logging: { redact: [] } } as unknown as Config
const rules: KeepRules = { shown: readShown(config), countsBytes: true }

// Different ones, so that nothing can be worked out once and for all.
const exchanges = Array.from({ length: 1000 }, (_, index) => sampleExchange({ id: index, failed: index % 100 === 0 }))
const recent = new RecentRequests()

measure('keep an exchange, one attempt', index => {
  recent.keep(exchanges[index % exchanges.length]!, 300, 1015.909 + index, 1, rules)
})
