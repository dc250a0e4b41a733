/** A command line that is not understood. */

/** Ends the process with status 2; the message and the hint are for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** What was probably meant. */
  readonly hint: string | undefined

  constructor (message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}
