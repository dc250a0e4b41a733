/** The level of the log that an operator has set, in all threads. */

import type { Link, LinksToThreads } from '../contract/link.ts'
import type { LogLevel } from '../logging/log-levels.ts'

/** Message: {@link LevelOrder}; the answer to a question is one as well, or undefined. */
const channel = 'log-level'

/** A level, and the number of the configuration with which it was set: it ends when another one takes over. */
export interface LevelOrder {
  readonly level: LogLevel
  readonly generation: number
}

/** In the control thread: answers threads that begin. @param current returns what is set now; undefined for what the file says */
export function answerLevel (threads: LinksToThreads, current: () => LevelOrder | undefined): void {
  threads.answer(channel, current)
}

/** In the control thread: sets the level in all threads. */
export function tellLevel (threads: LinksToThreads, order: LevelOrder): void {
  threads.send(channel, order)
}

/** In a data thread: sets the level of its log as the control thread says. @param serving returns the number of what serves here */
export function followLevel (control: Link, log: { level: string }, serving: () => number): void {
  const follow = ({ level, generation }: LevelOrder): void => {
    // The configuration after it may serve here before the message has come.
    if (generation >= serving()) log.level = level
  }
  control.on(channel, follow)
  // Where the control thread has gone, nothing else works either.
  void control.ask(channel, undefined).then(order => { if (order !== undefined) follow(order as LevelOrder) }, () => {})
}
