/** Uploads that the target ends, for which it is not to blame. */

import type { Attempt } from '../contract/target.ts'

/**
 * Whether a target that was reached closed the connection in the middle of the upload. A client can cause that with a body that every
 * target rejects, so it is no failure of the target and is not retried. A target that also accepts no connections is down.
 */
export function isRefusedUpload ({ failure, sentAt, target }: Attempt, unwritten: boolean): boolean {
  return failure!.code === 'connection-terminated' && target.load.failure === undefined && (sentAt === undefined || unwritten)
}
