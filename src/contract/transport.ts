/** The request to an upstream and its response, as the proxying plugin and the attempt loop exchange them. */

import type { Dispatcher } from 'undici'
import type { TargetResponse } from './response.ts'

/** What is to be sent, the same for every attempt. */
export interface Outgoing {
  readonly method: Dispatcher.HttpMethod
  /** Path without the target's base path, with query. */
  readonly path: string
  /** Flat list of names and values. */
  readonly headers: string[]
  /** Most body bytes that are let through. */
  readonly bodyLimit: number
  /** Whether a Host is among the headers, so that TLS must be told the target's own name. */
  readonly hostPreserved: boolean
  /** Names, in lower case, of the fields that an attempt must not add to them. */
  readonly withheld: ReadonlySet<string> | undefined
}

/** Called with the response to pass on. Failures do not come here: they are sent to the exchange's reply. */
export type ClientCallback = (error: null, response: TargetResponse) => void
