/** Where the lines of logs go. */

export interface LogOutput {
  /** Adds whole lines, each with its line feed. @param lines how many they are, by default one */
  write (text: string, lines?: number): void
  /** Counts lines that were dropped before they came here. */
  lose (lines: number): void
  /** Lines dropped since the start. */
  readonly lost: number
  /**
   * Calls `listener` with the number of dropped lines when lines are written again, until the returned function is called. It may write a
   * line.
   */
  onRecovered (listener: (lost: number) => void): () => void
}
