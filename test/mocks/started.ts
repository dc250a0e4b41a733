/** A stand-in service for the length of one test. */

import type { TestContext } from 'node:test'
import type { MockService, ServiceOptions } from '../../mocks/service.ts'

/** Starts the service and closes it when the test is over. */
export async function started (
  t: TestContext,
  start: (options: Partial<ServiceOptions>) => Promise<MockService>,
  options: Partial<ServiceOptions> = {}
): Promise<MockService> {
  const service = await start(options)
  t.after(() => service.close())
  return service
}
