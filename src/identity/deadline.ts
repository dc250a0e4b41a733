/** An end to waiting for what may never come. */

import { ServiceUnavailable } from './service-client.ts'

/**
 * Waits for an answer no longer than so many milliseconds.
 * @param ask gets a signal that aborts when the time is over
 * @throws ServiceUnavailable when it is, whether or not `ask` heeds the signal
 */
export async function within<T> (timeout: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new ServiceUnavailable(`no answer within ${timeout} ms`)
      controller.abort(error)
      reject(error)
    }, timeout)
  })
  try {
    return await Promise.race([ask(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
