/** An end to waiting for what may never come. */

import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { ServiceUnavailable } from './service-unavailable.ts'

/**
 * Waits for an answer no longer than so many milliseconds; a pause of this process is not counted.
 * @param ask gets a signal that aborts when the time is over
 * @throws ServiceUnavailable when it is, whether or not `ask` heeds the signal
 */
export async function within<T> (timeout: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: PatientTimer | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = patiently(timeout, () => {
      const error = new ServiceUnavailable(`no answer within ${timeout} ms`)
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
