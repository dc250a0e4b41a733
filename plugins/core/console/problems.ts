/** What is wrong with a gateway right now, in words, worst first. */

import { failingTargets } from './failing-targets.ts'
import { outages } from './outages.ts'
import { certificateProblems } from './certificate-problems.ts'
import type { Situation } from './situation.ts'
import { ago, count, lasting, perSecond } from './problem-words.ts'
import { upstreamProblems } from './upstream-problems.ts'

/** `critical`: clients are affected. `warning`: they may be soon. `info`: an operator wants it so, or it has passed. */
export type Severity = 'critical' | 'warning' | 'info'

/** Something that is wrong. */
export interface Problem {
  readonly severity: Severity
  /** A sentence for a person, without a full stop. */
  readonly text: string
  /** When it began, milliseconds since 1970, as far as the latest events say. */
  readonly since?: number
  /** The place of the console that shows more. */
  readonly link: string
}

const severities: readonly Severity[] = ['critical', 'warning', 'info']

/** The most problems in a list. */
const mostProblems = 50

/** All problems, worst first, of one severity the latest first. */
export function problemsOf (situation: Situation): Problem[] {
  return [
    ...upstreamProblems(situation),
    ...failingTargets(situation),
    ...threadProblems(situation),
    ...reloadProblems(situation),
    ...restoredProblem(situation),
    ...certificateProblems(situation),
    ...outages(situation),
    ...limitProblems(situation)
  ].sort((one, other) => (
    severities.indexOf(one.severity) - severities.indexOf(other.severity) || (other.since ?? 0) - (one.since ?? 0)
  )).slice(0, mostProblems)
}

function threadProblems ({ threads, threadsWanted, events, now }: Situation): Problem[] {
  const found: Problem[] = threads.filter(({ state }) => state === 'silent').map(({ number }) => {
    const since = events.findLast(event => event.type === 'thread-silent' && event.thread === number)?.time
    return { severity: 'critical', text: `thread ${number} has been silent${lasting(since, now)}`, ...begun(since), link: '#/overview' }
  })
  const gone = threadsWanted - threads.length
  if (gone <= 0) return found
  const died = events.findLast(event => event.type === 'thread-died')
  const why = died?.type === 'thread-died' ? `; the last one died${ago(died.time, now)}: ${died.why}` : ''
  const text = `${gone} of ${count(threadsWanted, 'thread')} ${gone === 1 ? 'is' : 'are'} gone${why}`
  return [...found, { severity: 'critical', text, ...begun(died?.time), link: '#/overview' }]
}

function reloadProblems ({ refused, generation, now }: Situation): Problem[] {
  if (refused === undefined) return []
  const [first = '', ...others] = refused.problems
  const more = others.length === 0 ? '' : ` (and ${count(others.length, 'more problem')})`
  const text = `generation ${generation} serves on, because the last configuration was refused${ago(refused.at, now)}: ` +
    `${first.split('\n')[0]}${more}`
  return [{ severity: 'warning', text, since: refused.at, link: '#/configuration' }]
}

function restoredProblem ({ restored, now }: Situation): Problem[] {
  if (restored === undefined) return []
  const { restores, at, by, reason } = restored
  const who = [by, reason].filter(known => known !== undefined).join(': ')
  const text = `configuration ${restores} serves again${lasting(at, now)}${who === '' ? '' : ` (by ${who})`}; the file is not in use`
  return [{ severity: 'info', text: `${text} until it changes or is reloaded`, since: at, link: '#/configuration' }]
}

function limitProblems ({ policies, events }: Situation): Problem[] {
  return Object.entries(policies).filter(([, { limited }]) => limited > 0).map(([policy, { limited }]) => {
    const since = events.findLast(event => event.type === 'limit-reached' && event.policy === policy)?.time
    return { severity: 'info', text: `${policy} rejects ${perSecond(limited, 'request')}`, ...begun(since), link: '#/limits' }
  })
}

function begun (since: number | undefined): { since?: number } {
  return since === undefined ? {} : { since }
}
