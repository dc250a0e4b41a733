/** What a command gets from the process and gives to it, as values, so that a test can stand in for the process. */

/** A place for text; `process.stdout` and `process.stderr` are such places. */
export interface Output {
  write (text: string): unknown
  /** True on a terminal, where there may be colours. */
  readonly isTTY?: boolean | undefined
}

/** Where text comes from; `process.stdin` is such a place. */
export interface Input extends AsyncIterable<string | Buffer> {
  readonly isTTY?: boolean | undefined
}

/** The surroundings of a command. */
export interface Io {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from. */
  readonly cwd: string
}

/** Exit statuses. */
export const exit = {
  /** Done; also where the answer is a refusal that was asked about. */
  ok: 0,
  /** The configuration or the gateway has a problem. */
  problem: 1,
  /** The command line is not understood. */
  usage: 2,
  /** Requests were cut when `server.shutdown.timeout` ended. */
  cut: 3
} as const
