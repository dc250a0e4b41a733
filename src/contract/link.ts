/**
 * The link between the control thread and a data thread: both ends send messages on channels, and ask questions that the other end answers.
 * Each concern has channels of its own, so that none knows the messages of another. Messages are copied (structured clone) and arrive in
 * the order in which they were sent. Nothing on the path of a request is a message.
 */

/** One end of a link. */
export interface Link {
  /** Sends a message. Nothing happens where the other end has gone. */
  send (channel: string, message: unknown): void
  /** Calls `listener` for every message on a channel. A later listener replaces an earlier one. */
  on (channel: string, listener: (message: never) => void): void
  /** Asks the other end. Rejects when what answers throws there, and when the other end has gone. */
  ask (channel: string, question: unknown): Promise<unknown>
  /** Answers the questions on a channel. */
  answer (channel: string, answer: (question: never) => unknown): void
}

/** Called with what a thread sends or asks, and with its number. */
export type FromThread = (message: never, thread: number) => unknown

/** All links of the control thread. Threads come and go. */
export interface LinksToThreads {
  /** The threads that there are. */
  readonly threads: readonly number[]
  /** Calls `joined` for every thread, those that there are included, before it builds its first generation. */
  onJoined (joined: (link: Link, thread: number) => void): void
  /** Sends a message to all threads. */
  send (channel: string, message: unknown): void
  /** Calls `listener` for every message of any thread on a channel. A later listener replaces an earlier one. */
  on (channel: string, listener: FromThread): void
  /** Answers the questions of all threads on a channel. */
  answer (channel: string, answer: FromThread): void
  /** Asks one thread. Rejects when no thread has this number, and when it ends before it has answered. */
  askOne (thread: number, channel: string, question: unknown): Promise<unknown>
  /** Asks all threads; those that do not answer within `longest` milliseconds, or fail, are left out. */
  askAll (channel: string, question: unknown, longest?: number): Promise<ReadonlyMap<number, unknown>>
}
