/** The upstreams as the live stream has them. */

import { computed } from '../preact.js'
import { isThere, table } from '../live.js'
import { upstreamsFrom } from './upstream-rows.js'

const [states, traffic] = [table('upstreams'), table('targetTraffic')]

/** Whether they have come. */
export const areThere = isThere('upstreams')

let last = new Map()

/** All of them, with their targets as rows. What has not changed is the same object as before. */
export const upstreams = computed(() => {
  last = upstreamsFrom(last, states.value, traffic.value)
  return [...last.values()].map(({ upstream }) => upstream)
})
