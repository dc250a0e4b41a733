/** A time limit for requests to a service. */

import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { ServiceUnavailable } from './service-unavailable.ts'

/**
 * Waits for a response for at most so many milliseconds. A pause of this process does not count.
 * @param ask gets a signal that aborts when the time is over
 * @throws ServiceUnavailable when it is, whether or not `ask` reacts to the signal
 */
export async function within<T> (timeout: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: PatientTimer | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = patiently(timeout, () => {
      const error = new ServiceUnavailable(`no response within ${timeout} ms`)
      controller.abort(error)
      reject(error)
    })
  })
  try {
    return await Promise.race([ask(controller.signal), late])
  } finally {
    timer?.clear()
  }
}
