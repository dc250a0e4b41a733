/** Writes plain data as YAML in steps: the effective configuration of thousands of routes takes longer than requests may wait. */

import { dump, type DumpOptions } from 'js-yaml'
import type { Steps } from '../../scheduling/steps.ts'

const options: DumpOptions = { lineWidth: 140, noRefs: true }

/** Writes a mapping. The text is that of `dump`, but for where long texts are folded. */
export function * yamlInSteps (value: Readonly<Record<string, unknown>>): Steps<string> {
  const parts: string[] = []
  for (const [key, section] of Object.entries(value)) {
    const items = piecesOf(section)
    if (items.length === 0) parts.push(dump({ [key]: section }, options))
    else parts.push(dump({ [key]: null }, options).replace(/ null\n$/, '\n'))
    for (const item of items) {
      yield
      parts.push(dump(item, options).replaceAll(/^(?=.)/gm, '  '))
    }
    yield
  }
  return parts.join('')
}

/** The items of a list or mapping, each in one of its own; none for other values. */
function piecesOf (section: unknown): object[] {
  if (Array.isArray(section)) return section.map(item => [item])
  if (typeof section !== 'object' || section === null) return []
  return Object.entries(section).map(([key, item]) => ({ [key]: item }))
}
