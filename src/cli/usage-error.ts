/** An error in the command line. */

/** An invalid command line. Ends the process with status 2. The message and the hint are shown to the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** A suggestion how to correct it. */
  readonly hint: string | undefined

  constructor (message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}
