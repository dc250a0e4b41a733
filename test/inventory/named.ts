/** Targets that say who they are. */

import type { TestContext } from 'node:test'
import { startTarget, type TestTarget } from '../helpers/target.ts'

/** Starts a target that responds with 200 and its name. */
export async function named (t: TestContext, name: string): Promise<TestTarget> {
  return await startTarget(t, (_request, response) => { response.end(name) })
}

/** Value of the first line of a field in a flat list of names and values. */
export function field (rawHeaders: readonly string[], name: string): string | undefined {
  const index = rawHeaders.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name)
  return index === -1 ? undefined : rawHeaders[index + 1]
}
