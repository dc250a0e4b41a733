/** Input that was rejected before it became a request. */

import type { Reason } from './errors.ts'

/** Input that was rejected before it became a request. */
export interface RejectedInput {
  readonly reason: Reason
  /** Address of the peer without port; '' when it is gone. */
  readonly peer: string
  /** What Node's parser says, such as `HPE_INVALID_METHOD`. */
  readonly why: string | undefined
}
