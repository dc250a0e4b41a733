/** Waits for all of several endings, so that one that fails keeps no other from happening. */

/** Resolves when all have settled. @throws the error of the first one that failed */
export async function allSettled (endings: Iterable<unknown>): Promise<void> {
  const failed = (await Promise.allSettled(endings)).find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
