/** The problems of a configuration with files beside it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import type { Problem } from '../../src/config/check/problem.ts'
import { loadConfig } from '../../src/config/load.ts'
import { rootPlugins } from '../../src/gateway/app.ts'

/** Writes the files, calls `prepare`, and loads the configuration. Returns errors or warnings. */
export async function checkFile (
  t: TestContext,
  yaml: string,
  files: Readonly<Record<string, string>>,
  prepare: (folder: string) => void
): Promise<readonly Problem[]> {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ ...files, 'gateway.yaml': yaml })) writeFileSync(join(folder, name), text, { mode: 0o600 })
  prepare(folder)
  try {
    return (await loadConfig(join(folder, 'gateway.yaml'), { env: {}, rootPlugins })).warnings
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems
    throw error
  }
}
