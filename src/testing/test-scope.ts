/** The test that owns what the kit opens. */

/** A test of `node:test`, or anything else that runs functions when a test is over. */
export interface TestScope {
  after (close: () => Promise<void>): void
}
