/** Decides when a silent session is asked for a sign of life. */

/** How many silent ticks pass between two pings: 5 minutes. gRPC servers close connections that send several in less. */
const rest = 10

export class Heartbeat {
  #silence = 0

  /**
   * Called every 30 seconds. Returns whether a PING is due.
   * @param heard whether anything has come from the peer since the last call
   * @param streams how many streams are open: an idle session needs no proof that it lives
   */
  tick (heard: boolean, streams: number): boolean {
    if (heard || streams === 0) {
      this.#silence = 0
      return false
    }
    return this.#silence++ % rest === 0
  }
}
