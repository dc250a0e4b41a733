/** `onedoor upstreams`: shows the upstreams of the running gateway, and which targets are open. */

import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'
import { nearest } from '../config/check/nearest.ts'
import { paintOf, type Paint } from './paint.ts'
import { table } from './table.ts'

interface Upstream {
  readonly name: string
  readonly targets: readonly Target[]
}

interface Target {
  readonly url: string
  readonly weight: number
  readonly active: number
  readonly open: boolean
  readonly gates: readonly Gate[]
}

interface Gate {
  readonly gate: string
  readonly permits: boolean
  readonly state: string
  readonly why?: string
  readonly opensInMs?: number
}

export async function upstreams (args: Arguments, io: Io): Promise<number> {
  const all = contentOf(await askAdmin({ path: '/upstreams' }, args, io)) as readonly Upstream[]
  const [name] = args.positionals
  const shown = name === undefined ? all : all.filter(one => one.name === name)
  if (name !== undefined && shown.length === 0) throw unknownUpstream(name, all)
  if (args.has('json')) io.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
  else io.stdout.write(`${describe(shown, paintOf(io.stdout, io)).join('\n')}\n`)
  return exit.ok
}

function unknownUpstream (name: string, all: readonly Upstream[]): Error {
  const names = all.map(one => one.name)
  const near = nearest(name, names)
  const hint = near !== undefined ? `; did you mean ${near}?` : names.length === 0 ? '' : `; there are ${names.join(', ')}`
  return new Error(`there is no upstream "${name}"${hint}`)
}

function describe (all: readonly Upstream[], paint: Paint): string[] {
  const targets = all.flatMap(upstream => upstream.targets.map((target, index) => ({ upstream: index === 0 ? upstream.name : '', target })))
  if (targets.length === 0) return ['no upstream has a target']
  const [header, ...rows] = table([
    ['upstream', 'target', 'state', 'active', 'weight', 'why'],
    ...targets.map(({ upstream, target }) => [
      upstream, target.url, stateOf(target), String(target.active), String(target.weight), whyOf(target)
    ])
  ])
  return [paint.bold(header!), ...rows.map((row, index) => targets[index]!.target.open ? row : paint.red(row))]
}

/** The state of the first closed gate, or `open`. */
function stateOf ({ open, weight, gates }: Target): string {
  if (open) return 'open'
  return weight === 0 ? 'weight 0' : gates.find(({ permits }) => !permits)?.state ?? 'closed'
}

/** States of open gates that let a few requests try the target. */
const onTrial: ReadonlySet<string> = new Set(['half-open', 'trying'])

/** Of each gate that is closed or on trial. */
function whyOf ({ gates }: Target): string {
  return gates.flatMap(({ gate, permits, state, why, opensInMs }) => {
    if (permits && !onTrial.has(state)) return []
    const opens = opensInMs === undefined ? '' : `, opens in ${Math.ceil(opensInMs / 1000)}s`
    return [`${gate}${why === undefined ? '' : `: ${why}`}${opens}`]
  }).join('; ')
}
