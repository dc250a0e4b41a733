/** Which test files share a process. */

import { dirname } from 'node:path'

/** Files below `test/` that need a process of their own, with the reason. */
export const alone: Readonly<Record<string, string>> = {
  'config/quantities': 'replaces the global timers',
  'health-checks/pace': 'replaces the global timers',
  'health-checks/prober': 'replaces the global timers',
  'kernel/one-at-a-time': 'replaces the global timers and counts those of the process',
  'kernel/patient-timer': 'counts the timers of the process',
  'lifecycle/collected': 'collects all garbage of the process again and again',
  'lifecycle/succession': 'replaces the global timers',
  'proxying/leaving': 'counts the descriptors of the process',
  'proxying/random-faults': 'counts the timers and sockets of the process',
  'tracing/exporter': 'replaces the global timers'
}

/** Divides test files into processes: one for each folder and one for each file that cannot share. Those with the most files come first. */
export function processesOf (files: readonly string[]): readonly (readonly string[])[] {
  const named = (file: string): string => file.replace(/^test\//, '').replace(/\.test\.ts$/, '')
  const groups = Map.groupBy(files, file => named(file) in alone ? file : dirname(file))
  return [...groups.values()].toSorted((a, b) => b.length - a.length)
}
