/** Priorities of requests, from the first to be rejected to the last. */

export const priorities = ['low', 'normal', 'high', 'critical'] as const

export type Priority = typeof priorities[number]

/** Place in the order: 0 for `low`. */
export type Rank = 0 | 1 | 2 | 3

/** Of a request whose route says nothing, or that has none. */
export const usual: Priority = 'normal'

/** The rank of a priority. */
export function rankOf (priority: Priority): Rank {
  return priorities.indexOf(priority) as Rank
}
