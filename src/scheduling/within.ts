/** A time limit for a promise. */

/**
 * Settles as `promise` does, and ignores it once the time is over.
 * @throws Error with `message` when `promise` has not settled after so many milliseconds
 */
export async function within<T> (promise: Promise<T>, milliseconds: number, message = `not done within ${milliseconds} ms`): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(message)), milliseconds)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
