/** Names that no longer exist. */

import type { Labels } from './series-map.ts'

/** Names that no longer exist, and a label that may contain them. */
export interface Departed {
  readonly label: string
  readonly names: ReadonlySet<string>
}

/** Returns the function that says whether a series is one of them. */
export function takesOut (departed: readonly Departed[]): (labels: Labels) => boolean {
  return labels => departed.some(({ label, names }) => names.has(String(labels[label])))
}
