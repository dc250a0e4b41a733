/** Loads the test files given as arguments into one process. */

import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

const load = createRequire(import.meta.url)
const asynchronous: string[] = []

/** Makes a file that cannot be loaded a failed test, so that the others run. */
const fail = (file: string, error: unknown): void => { test(`${file} loads`, () => { throw error }) }

// `require` is synchronous: no test starts before all files are loaded, and none waits for a file while its clock runs.
for (const file of process.argv.slice(2)) {
  try {
    load(resolve(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_REQUIRE_ASYNC_MODULE') asynchronous.push(file)
    else fail(file, error)
  }
}

// Files that await at their top level.
for (const file of asynchronous) {
  try {
    await import(pathToFileURL(resolve(file)).href)
  } catch (error) {
    fail(file, error)
  }
}
