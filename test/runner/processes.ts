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

/** The most files of several folders in one process. */
const mostFiles = 16

/** Divides test files into processes: folders stay together, small ones share, and files that cannot share are alone. The largest come first. */
export function processesOf (files: readonly string[]): readonly (readonly string[])[] {
  const isAlone = (file: string): boolean => file.replace(/^test\/|\.test\.ts$/g, '') in alone
  const folders = Map.groupBy(files.filter(file => !isAlone(file)), file => dirname(file))
  const shared: string[][] = []
  for (const folder of [...folders.values()].toSorted((a, b) => b.length - a.length)) {
    const process = shared.find(some => some.length + folder.length <= mostFiles)
    if (process === undefined) shared.push([...folder])
    else process.push(...folder)
  }
  return [...shared, ...files.filter(isAlone).map(file => [file])]
}
