/** The interface between the exporter and the protocols that send spans to a collector. */

/** The result of sending a batch. */
export type SendResult =
  /** Taken; `rejected` spans of it were not wanted. */
  | { readonly taken: true, readonly rejected: number }
  /** Not taken. `again`: the same batch may be taken later, after `after` milliseconds at the earliest. */
  | { readonly taken: false, readonly again: boolean, readonly after: number, readonly why: string }

/** Carries one batch at a time; never throws. */
export interface Transport {
  send (body: Uint8Array): Promise<SendResult>
  /** Ends what is under way. */
  close (): Promise<void>
}

/** A batch that may be sent again. */
export function later (why: string, after = 0): SendResult {
  return { taken: false, again: true, after, why }
}

/** A batch that is not wanted in this form. */
export function never (why: string): SendResult {
  return { taken: false, again: false, after: 0, why }
}

/** Most bytes of what a collector says. */
export const answerLimit = 64 * 1024
