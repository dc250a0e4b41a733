/** The input and output of a command as parameters, so that tests can replace those of the process. */

/** A text output, such as `process.stdout` or `process.stderr`. */
export interface Output {
  write (text: string): unknown
  /** True on a terminal, which can show colours. */
  readonly isTTY?: boolean | undefined
}

/** A text input, such as `process.stdin`. */
export interface Input extends AsyncIterable<string | Buffer> {
  readonly isTTY?: boolean | undefined
}

/** The environment that a command runs in. */
export interface Io {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder for relative paths. */
  readonly cwd: string
}

/** Exit statuses. */
export const exit = {
  /** Success; also when `explain` shows that a request would be rejected. */
  ok: 0,
  /** The configuration or the gateway has a problem. */
  problem: 1,
  /** The command line is invalid. */
  usage: 2,
  /** Requests were cut when `server.shutdown.timeout` ended. */
  cut: 3,
  /** `explain` cannot tell what a policy will decide. */
  partial: 3
} as const
