/** What the threads of a gateway say to each other about tasks. A task has the same identity in all of them. */

export const taskChannel = 'task'

/** From the control thread. */
export interface TaskMessage {
  /** The identity of the task. */
  readonly id: string
  /** What it has published. */
  readonly message?: unknown
  /** It has ended: what it has published is no longer needed. */
  readonly ended?: true
}

/** From a data thread. Answered when the task has answered. */
export interface TaskQuestion {
  readonly id: string
  readonly question: unknown
}
