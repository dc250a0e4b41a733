/** Two texts as a unified diff, the format of `diff -u`. */

import { diffLines, type DiffLine } from './line-diff.ts'

/** Lines around a change. */
const context = 3

/** What the texts are called. */
export interface DiffNames {
  readonly before: string
  readonly after: string
}

/** An empty text where they are the same. */
export function unifiedDiff (before: string, after: string, names: DiffNames): string {
  const lines = diffLines(linesOf(before), linesOf(after))
  const parts = hunksOf(lines).map(([from, to]) => hunk(lines, from, to))
  return parts.length === 0 ? '' : `--- ${names.before}\n+++ ${names.after}\n${parts.join('')}`
}

function linesOf (text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}

/** The ranges of lines to show: changes with lines around them, joined where they touch. */
function hunksOf (lines: readonly DiffLine[]): [number, number][] {
  const hunks: [number, number][] = []
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    const [from, to] = [Math.max(0, index - context), Math.min(lines.length, index + context + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = to
    else hunks.push([from, to])
  }
  return hunks.map(([from, to]) => [from, to])
}

function hunk (lines: readonly DiffLine[], from: number, to: number): string {
  const shown = lines.slice(from, to)
  const range = (other: DiffLine['sign']): string => {
    const start = lines.slice(0, from).filter(({ sign }) => sign !== other).length
    const count = shown.filter(({ sign }) => sign !== other).length
    return `${count === 0 ? start : start + 1},${count}`
  }
  return `@@ -${range('+')} +${range('-')} @@\n${shown.map(({ sign, text }) => `${sign}${text}\n`).join('')}`
}
