/**
 * The name that the certificate of a target is verified against, for one request.
 *
 * Relies on: `dispatch` takes `servername`, and uses for the request only a connection that was made with it. The
 * documentation names it for whole clients only.
 * Checked with undici 7.30.2.
 * Without it: where the targets see the client's Host, their certificates are verified against that name, and
 * connections fail with `tls-error`.
 */

import type { Dispatcher } from 'undici'

/** What `dispatch` takes. */
export type NamedDispatchOptions = Dispatcher.DispatchOptions & {
  /** undefined: the name is that of the Host. */
  readonly servername?: string | undefined
}
