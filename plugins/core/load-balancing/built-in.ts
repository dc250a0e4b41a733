/** The built-in balancers. */

import type { OfferedBalancer } from '../../../src/index.ts'
import { consistentHashKeys, createConsistentHash } from './consistent-hash.ts'
import { createLeastConnections } from './least-connections.ts'
import { createPowerOfTwo, PowerOfTwoSchema } from './power-of-two.ts'
import { createRandom } from './random.ts'
import { createRoundRobin } from './round-robin.ts'
import { createWeightedRoundRobin } from './weighted-round-robin.ts'

/** By name, in the order in which they are listed to a person. */
export const builtInBalancers: ReadonlyMap<string, OfferedBalancer> = new Map<string, OfferedBalancer>([
  ['round-robin', { create: createRoundRobin, options: undefined }],
  ['weighted-round-robin', { create: createWeightedRoundRobin, options: undefined }],
  ['least-connections', { create: createLeastConnections, options: undefined }],
  ['power-of-two', { create: createPowerOfTwo, options: PowerOfTwoSchema }],
  ['consistent-hash', { create: createConsistentHash, ...consistentHashKeys }],
  ['random', { create: createRandom, options: undefined }]
])
