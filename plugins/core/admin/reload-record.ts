/** Records of reloads as an operator sees them. */

import { type ReloadHistory, type ReloadRecord, untilNextReload } from '../../../src/index.ts'
import type { PlaceChange } from './changed-places.ts'

/** How many places differ from the configuration that served before. */
export interface ChangeCounts {
  readonly added: number
  readonly removed: number
  readonly changed: number
}

export function countChanges (places: readonly PlaceChange[]): ChangeCounts {
  const count = (change: PlaceChange['change']): number => places.filter(place => place.change === change).length
  return { added: count('added'), removed: count('removed'), changed: count('changed') }
}

/** @param changes undefined where it was refused, or what served before is forgotten */
export function describeRecord (record: ReloadRecord, serving: ReloadRecord | undefined, changes: ChangeCounts | undefined): object {
  const { number, at, trigger, by, via, reason, restores, generation, problems } = record
  return {
    number,
    at: new Date(at).toISOString(),
    result: generation === undefined ? 'refused' : number === serving?.number ? 'serving' : 'served',
    trigger,
    by,
    via,
    reason,
    restores,
    generation,
    changes,
    ...problems.length === 0 ? {} : { problems }
  }
}

/** `restored`, with which `GET /readyz?verbose` and `GET /reloads` tell that not the file serves; else nothing. */
export function describeRestored ({ serving }: ReloadHistory): object {
  if (serving?.restores === undefined) return {}
  const { restores: number, at, by, via, reason } = serving
  return { restored: { number, at: new Date(at).toISOString(), by, via, reason, until: untilNextReload } }
}
