/** Reads a configuration from texts, for tests. */
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Document } from '../../src/config/read/document.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import type { Problem } from '../../src/config/check/problem.ts'
import { readBothWays } from './both-ways.ts'
import { folder } from './folder.ts'

export interface Read {
  readonly path: string
  readonly document: Document | undefined
  readonly value: unknown
  readonly problems: readonly Problem[]
  /** Each problem as a person sees it, without the name of the temporary folder. */
  readonly shown: readonly string[]
  readonly files: readonly string[]
}

/** Reads `gateway.yaml` of the given files; a text alone is that file. */
export function read (
  t: TestContext,
  files: string | Uint8Array | Record<string, string | Uint8Array>,
  env: Record<string, string> = {}
): Read {
  const single = typeof files === 'string' || files instanceof Uint8Array
  const path = folder(t, single ? { 'gateway.yaml': files } : files)
  const result = readBothWays(join(path, 'gateway.yaml'), { env })
  const short = (text: string): string => text.replaceAll(`${path}/`, '')
  return {
    path,
    document: result.document,
    value: result.document?.value,
    problems: result.problems,
    shown: result.problems.map((problem) => short(formatProblem(problem, result.source))),
    files: [...result.files.keys()].map(short)
  }
}
