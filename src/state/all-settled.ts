/** Waits for several closing operations. One that fails does not prevent the others. */

/** Resolves when all have settled. @throws the first error */
export async function allSettled (endings: Iterable<unknown>): Promise<void> {
  const failed = (await Promise.allSettled(endings)).find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
