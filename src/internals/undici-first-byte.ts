/**
 * The arrival of the first byte of a response, before its headers are complete.
 *
 * Relies on: undici calls `onResponseStarted` of a handler that has the documented methods of today, although its
 * types deprecate the method together with those of the handlers of old, and its documentation does not name it.
 * Checked with undici 7.30.2.
 * Without it: a connection that breaks in the middle of the headers counts as one that broke before the response,
 * and the request may be sent once more.
 */

/** The base of a handler that knows whether the response has begun. */
export abstract class FirstByteHandler {
  /** Whether any byte of a response has come. */
  begun = false

  /** Called by undici. */
  onResponseStarted (): void {
    this.begun = true
  }
}
