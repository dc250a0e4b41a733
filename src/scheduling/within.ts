/** A bound for something that may never settle. */

/** Settles as `promise` does. @throws an Error with `message` when it has not settled after so many milliseconds; what becomes of it then is not heard */
export async function within<T> (promise: Promise<T>, milliseconds: number, message = `not done within ${milliseconds} ms`): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(message)), milliseconds)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
