/** Which test files share a process. */

import { dirname } from 'node:path'

/** Files below `test/` that need a process of their own, with the reason. */
export const alone: Readonly<Record<string, string>> = {
  'config/quantities': 'replaces the global timers',
  'console/live-viewers': 'replaces the global timers',
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

/** Folders with at most so many files share one process: starting it would cost more than their tests. */
const smallFolder = 2

/**
 * Divides test files into processes: one for each folder, one for the small folders, and one for each file
 * that cannot share. The largest come first.
 */
export function processesOf (files: readonly string[]): readonly (readonly string[])[] {
  const isAlone = (file: string): boolean => file.replace(/^test\/|\.test\.ts$/g, '') in alone
  const folders = [...Map.groupBy(files.filter(file => !isAlone(file)), file => dirname(file)).values()]
  const small = folders.filter(folder => folder.length <= smallFolder).flat()
  const others = folders.filter(folder => folder.length > smallFolder)
  return [
    small,
    ...others,
    ...files.filter(isAlone).map(file => [file])
  ].filter(some => some.length > 0).toSorted((a, b) => b.length - a.length)
}
