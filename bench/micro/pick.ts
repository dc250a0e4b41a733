/** What picking a target costs, balancer by balancer: `node bench/micro/pick.ts` */

import { builtInBalancers } from '../../plugins/core/load-balancing/built-in.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { exchange, upstreamOf } from '../../test/load-balancing/upstream.ts'
import { measure } from './measure.ts'

for (const count of [2, 10]) {
  const upstream = upstreamOf(Array.from({ length: count }, (_, index) => 1 + index % 3))
  const asking = exchange({ 'x-user': '42' })
  for (const [name, { create }] of builtInBalancers) {
    if (name === 'consistent-hash') continue
    const balancer = create({ upstream, holder: new Holdings().hold(), random: Math.random, options: {} } as never)
    measure(`pick, ${name}, ${count} targets`, index => balancer.pick(upstream.targets, asking, index))
  }
}
