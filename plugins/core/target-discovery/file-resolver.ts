/** Targets from a file of their own: a mapping with the list `targets`, written by a person or by a program. */

import type { GatewayApi, Problem } from '../../../src/index.ts'
import { child, type Document, listProblems, readDocument } from '../../../src/config/index.ts'
import type { Resolver } from './resolution.ts'

/** Reads `file`, an absolute path. Problems are a failure that lists their places. */
export function createFileResolver (file: string, checkTargets: GatewayApi['checkTargets']): Resolver {
  return async () => {
    const { document, problems } = readDocument(file, { env: undefined })
    if (document === undefined || problems.length > 0) return refused(problems)
    const value = document.value as Record<string, unknown>
    const wrong = wrongKey(value)
    if (wrong !== undefined) return refused([located(wrong, document)])
    const found = checkTargets(value['targets'])
    if (found.problems.length === 0) return { members: found.members, failure: undefined }
    return refused(found.problems.map(problem => located({ ...problem, pointer: `/targets${problem.pointer}` }, document)))
  }
}

function wrongKey (value: Readonly<Record<string, unknown>>): Problem | undefined {
  const unknown = Object.keys(value).find(key => key !== 'targets' && !key.startsWith('x-'))
  if (unknown !== undefined) {
    return {
      severity: 'error',
      pointer: child('', unknown),
      at: 'key',
      message: `unknown key "${unknown}"`,
      hint: 'the one key is "targets"'
    }
  }
  // A file that is cut short must not be taken for a list without targets.
  return value['targets'] === undefined ? { severity: 'error', pointer: '', message: 'missing key "targets"' } : undefined
}

function located (problem: Problem, document: Document): Problem {
  const position = document.locate(problem.pointer, problem.at)
  return position === undefined ? problem : { ...problem, position }
}

/** Places and messages only: the content of the lines must not be logged. */
function refused (problems: readonly Problem[]): { members: undefined, failure: string } {
  return { members: undefined, failure: listProblems(problems, () => undefined).join('\n') }
}
