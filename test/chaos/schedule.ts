/** What happens in a storm and when, decided by chance before it begins, so that a seed tells the same story again. */

import { faults, type Fault } from './faults.ts'
import { broken, foundTargets, stormy, type Places } from './configuration.ts'

export type Happening =
  | { readonly what: 'fault', readonly target: number, readonly fault: Fault, readonly lasts: number }
  | { readonly what: 'file', readonly yaml: string, readonly sound: boolean, readonly inPlace: boolean }
  | { readonly what: 'hangups', readonly count: number }
  | { readonly what: 'found', readonly text: string }
  | { readonly what: 'redis', readonly how: 'restart' | 'freeze', readonly lasts: number }

export interface Scheduled {
  /** Milliseconds after the happening before it on the same track has ended. */
  readonly after: number
  readonly happening: Happening
}

/** Tracks run beside each other; on each, one thing happens after the other. */
export type Schedule = readonly (readonly Scheduled[])[]

/** A storm of about `length` milliseconds. */
export function schedule (length: number, places: Places, random: () => number): Schedule {
  const between = (from: number, to: number): number => from + random() * (to - from)
  const track = (from: number, to: number, happening: () => Happening): Scheduled[] => {
    const events: Scheduled[] = []
    for (let at = 0; at < length;) {
      const after = between(from, to)
      const next = happening()
      at += after + ('lasts' in next ? next.lasts : 0)
      if (at < length) events.push({ after, happening: next })
    }
    return events
  }
  const faulty = track(
    100,
    400,
    () => ({
      what: 'fault',
      target: Math.floor(random() * places.shaky.length),
      fault: faults[Math.floor(random() * faults.length)]!,
      lasts: between(200, 1200)
    })
  )
  const files = track(150, 900, () => {
    const yaml = stormy(places, random)
    const chance = random()
    if (chance < 0.25) return { what: 'hangups', count: Math.ceil(random() * 12) }
    return chance < 0.5
      ? { what: 'file', yaml: broken(yaml, random), sound: false, inPlace: random() < 0.3 }
      : { what: 'file', yaml, sound: true, inPlace: random() < 0.3 }
  })
  const found = track(150, 700, () => ({ what: 'found', text: foundTargets(places.well, random) }))
  const redis = places.redis === undefined ? [] : track(
    500,
    2000,
    () => ({ what: 'redis', how: random() < 0.5 ? 'restart' : 'freeze', lasts: between(50, 600) })
  )
  return [faulty, files, found, redis]
}
