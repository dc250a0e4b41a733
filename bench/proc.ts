/** What Linux tells about processes and cores, read from the text of /proc. See proc(5). */

/** Clock ticks in a second, as /proc counts time. */
export const ticksPerSecond = 100

/** A core, or several on which processes may run as the system likes. */
export type Cores = number | readonly number[]

/** Processor time of a process, all its threads together, in ticks: the text of `/proc/PID/stat`. */
export function processTicks (stat: string): number {
  // The name of the command is in parentheses and may contain spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Processor time of the children of a process that have ended, in ticks: the text of `/proc/PID/stat`. */
export function childTicks (stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[13]) + Number(fields[14])
}

/** Time that a core has worked, for whomever, in ticks: the text of `/proc/stat`. Undefined when there is no such core. */
export function busyTicks (stat: string, core: number): number | undefined {
  const line = stat.split('\n').find(line => line.startsWith(`cpu${core} `))
  if (line === undefined) return undefined
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(' ').slice(1).map(Number)
  return user + nice + system + irq + softirq + steal
}

/** Memory that a process has in RAM, in bytes: the text of `/proc/PID/status`. */
export function residentBytes (status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}
