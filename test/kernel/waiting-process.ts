/** A process with one timer that is pending and one, of a day, that was cleared. */

import { patientlyShared } from '../../src/scheduling/patient-timer.ts'

patientlyShared(24 * 60 * 60 * 1000, () => {}, undefined).clear()
patientlyShared(20, () => {
  process.send!({ called: true })
  process.disconnect()
}, undefined)
